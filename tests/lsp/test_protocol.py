"""What pygls would leave unanswered, and messages at the wrong time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.lsp.editor import SILENCE, URI, Editor, RefusedError, inline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lsp.conftest import Connect
    from tests.lsp.fakes import Workshop

METHOD = "textDocument/inlineCompletion"
PULL = "workspace/configuration"
SOMEWHERE = inline({"line": 0, "character": 0})
NOT_INITIALIZED, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32002, -32600, -32601, -32602
CANCELLED = -32800


async def check_refused(editor: Editor, method: str, params: object, code: int) -> None:
    with pytest.raises(RefusedError) as refused:
        await editor.ask(method, params)
    assert refused.value.code == code


async def check_alive(editor: Editor) -> None:
    assert await editor.ask(METHOD, SOMEWHERE) == {"items": []}


async def test_before_initialize(editor: Editor) -> None:
    editor.open("x = ")
    await check_refused(editor, METHOD, SOMEWHERE, NOT_INITIALIZED)
    # Also where it could not be read.
    await check_refused(editor, METHOD, {}, NOT_INITIALIZED)
    await editor.start()

    assert editor.server.documents.all() == []
    await check_alive(editor)


async def test_between_initialize_and_initialized(editor: Editor) -> None:
    await editor.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})

    await check_alive(editor)


async def test_a_second_initialize(editor: Editor) -> None:
    await editor.start()

    again: dict[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}
    await check_refused(editor, "initialize", again, INVALID_REQUEST)
    await check_alive(editor)


async def test_after_shutdown(editor: Editor) -> None:
    await editor.start()
    assert await editor.ask("shutdown") is None

    await check_refused(editor, METHOD, SOMEWHERE, INVALID_REQUEST)
    await check_refused(editor, METHOD, {}, INVALID_REQUEST)
    editor.open("x = ")
    assert editor.server.documents.all() == []
    assert editor.server.exit_status == 0


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        # A request that nobody has heard of.
        ("textDocument/nothing", {}, NO_METHOD),
        # Ours, without what it needs.
        ("fimls/explainLast", {}, INVALID_PARAMS),
        ("fimls/explainLast", None, INVALID_PARAMS),
        ("fimls/explainLast", {"textDocument": {"uri": 1}}, INVALID_PARAMS),
        # A command that there is not, one without a name, one with a wrong argument.
        ("workspace/executeCommand", {"command": "fimls.nothing"}, INVALID_PARAMS),
        ("workspace/executeCommand", {}, INVALID_PARAMS),
        ("workspace/executeCommand", {"command": "fimls.pull", "arguments": [1]}, INVALID_PARAMS),
    ],
)
async def test_wrong_requests(editor: Editor, method: str, params: object, code: int) -> None:
    await editor.start()
    await check_refused(editor, method, params, code)
    await check_alive(editor)


@pytest.mark.parametrize(
    "message",
    [
        # Notifications that nobody knows, or that cannot be read.
        {"method": "$/nothing"},
        {"method": "textDocument/didChange", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///a"}}},
        # Cancelling what is not there.
        {"method": "$/cancelRequest", "params": {"id": 99}},
        # An answer to no question, and one that cannot be read.
        {"id": "never asked", "result": None},
        {"id": "never asked", "error": "no object"},
        # A request whose id is none, and methods that are none.
        {"id": [], "method": METHOD, "params": {}},
        {"method": []},
        {"method": 5},
        # Another protocol, or none.
        {"jsonrpc": "1.0", "method": "textDocument/didOpen", "params": {}},
        {"jsonrpc": None},
        # Nothing at all.
        {},
    ],
)
async def test_odd_messages_do_no_harm(editor: Editor, message: Mapping[str, object]) -> None:
    await editor.start()
    editor.send(message)

    await check_alive(editor)


@pytest.mark.parametrize(
    "wrong",
    [
        # Another protocol, none, and no method.
        {"jsonrpc": "1.0"},
        {"jsonrpc": None},
        {"method": []},
        {"method": 5},
    ],
)
async def test_requests_that_are_none_are_answered(
    editor: Editor, wrong: Mapping[str, object]
) -> None:
    await editor.start()
    with pytest.raises(RefusedError) as refused:
        await editor.request({"method": METHOD, "params": SOMEWHERE, **wrong})

    assert refused.value.code == INVALID_REQUEST
    await check_alive(editor)


async def test_what_looks_like_a_message_in_parameters_is_none(editor: Editor) -> None:
    await editor.start()
    inner = {"jsonrpc": "2.0", "id": 9, "method": METHOD, "params": None}
    command = {"command": "fimls.accepted", "arguments": [inner]}

    assert await editor.ask("workspace/executeCommand", command) is None
    await check_alive(editor)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        # No version, which edits cannot be counted by, and no text.
        ("didChange", {"textDocument": {"uri": URI, "version": None}, "contentChanges": []}),
        ("didChange", {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{}]}),
        ("didChange", {"textDocument": {"uri": URI, "version": 2}}),
        ("didOpen", {"textDocument": {"uri": URI}}),
    ],
)
async def test_a_text_that_is_not_known_any_more(
    editor: Editor, method: str, params: Mapping[str, object]
) -> None:
    await editor.start()
    editor.open("x = ", "file:///project/b.py")
    editor.open("x = ")
    editor.tell(f"textDocument/{method}", params)
    # An edit of what was not understood.
    editor.change({"text": "y"})
    assert editor.server.documents.all() == ["file:///project/b.py"]
    editor.open("x = ")

    assert editor.server.documents.at(URI) is not None


async def test_an_answer_that_nobody_waits_for_any_more(connect: Connect) -> None:
    editor = connect({PULL: SILENCE})
    await editor.start({"workspace": {"configuration": True}})
    await editor.hears(PULL)
    # Whoever asked is cancelled, as work is whose folder has been removed.
    await editor.server.close()
    await asyncio.sleep(0)
    [ident] = [said.ident for said in editor.heard if said.method == PULL]
    editor.send({"id": ident, "result": [{}]})

    await check_refused(editor, "$/nothing", {}, NO_METHOD)


async def test_faults_are_not_put_before_the_user(editor: Editor) -> None:
    await editor.start()
    editor.tell("textDocument/didChange", {})
    editor.server.report_server_error(ValueError("what"), ValueError)

    await check_alive(editor)
    assert editor.of("window/showMessage") == []


async def test_cancelling_a_command_cancels_its_coroutine(
    editor: Editor, workshop: Workshop
) -> None:
    cancelled = asyncio.Event()

    async def command(_ls: object, _arguments: object) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    editor.server.command("test.long")(command)
    await editor.start()
    ident, answer = editor.begin("workspace/executeCommand", {"command": "test.long"})
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    editor.tell("$/cancelRequest", {"id": ident})

    with pytest.raises(RefusedError) as refused:
        await answer
    assert refused.value.code == CANCELLED
    assert cancelled.is_set()

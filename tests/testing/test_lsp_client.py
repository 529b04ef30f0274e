"""The LSP client speaks the protocol, keeps documents in step, and answers the server sensibly."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from fimls.testing.json_rpc import METHOD_NOT_FOUND, JsonRpc, RequestError
from fimls.testing.lsp_client import LspClient
from fimls.testing.lsp_profiles import MINIMAL, NEOVIM, VSCODE
from fimls.text.positions import Encoding

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

URI = "file:///a.py"


@dataclass
class Server:
    """The other end: it answers by a table and keeps what it was told."""

    results: dict[str, Any] = field(default_factory=dict)
    heard: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.results = {"initialize": {"capabilities": {}}, "shutdown": None, **self.results}

    def answer(self, method: str, params: object) -> object:
        self.heard.append((method, params))
        if method not in self.results:
            raise RequestError(METHOD_NOT_FOUND, method)
        return self.results[method]

    def hear(self, method: str, params: object) -> None:
        self.heard.append((method, params))

    def told(self, method: str) -> list[Any]:
        return [params for name, params in self.heard if name == method]


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[tuple[LspClient, JsonRpc]]:
    ours, theirs = socket.socketpair()
    rpc = JsonRpc(*await asyncio.open_connection(sock=theirs), server.answer, server.hear)
    rpc.start()
    client = LspClient(*await asyncio.open_connection(sock=ours))
    try:
        yield client, rpc
    finally:
        await client.close()
        await rpc.close()


async def in_step(client: LspClient) -> None:
    """Notifications are heard when a request after them is answered."""
    with pytest.raises(RequestError):
        await client.request("nothing")


async def test_life() -> None:
    server = Server({"initialize": {"capabilities": {"positionEncoding": "utf-8"}}})
    async with connected(server) as (client, _rpc):
        result = await client.initialize("file:///work", options={"model": "m"})
        assert (result, client.encoding) == (server.results["initialize"], Encoding.UTF8)
        await client.shutdown()
    asked = server.told("initialize")[0]
    assert asked["workspaceFolders"] == [{"uri": "file:///work", "name": "work"}]
    assert asked["initializationOptions"] == {"model": "m"}
    assert [method for method, _params in server.heard] == [
        "initialize",
        "initialized",
        "shutdown",
        "exit",
    ]


async def test_errors_are_raised() -> None:
    async with connected(Server()) as (client, _rpc):
        with pytest.raises(RequestError, match="nothing") as caught:
            await client.request("nothing")
    assert caught.value.code == METHOD_NOT_FOUND


async def test_the_end_of_the_server_fails_what_waits() -> None:
    async with connected(Server()) as (client, rpc):
        pending = client.send("never answered in time")
        rpc.writer.close()
        with pytest.raises(ConnectionError):
            await pending
        with pytest.raises(ConnectionError):
            await client.request("too late")


async def test_answers_to_nothing_are_kept() -> None:
    async with connected(Server()) as (client, rpc):
        pending = client.send("ping")
        await asyncio.wait([pending.future])
        assert client.strays == []
        # Once more, and an answer to what was never asked.
        rpc._write({"id": pending.ident, "result": None})
        rpc._write({"id": 99, "result": None})
        await in_step(client)
        assert [stray["id"] for stray in client.strays] == [pending.ident, 99]


async def test_anything_but_protocol_is_told() -> None:
    async with connected(Server()) as (client, rpc):
        pending = client.send("slow")
        rpc.writer.write(b"Traceback (most recent call last)\r\n")
        with pytest.raises(ConnectionError, match="not a header"):
            await pending


async def test_cancelling() -> None:
    server = Server()
    async with connected(server) as (client, _rpc):
        client.cancel(client.send("nothing").ident)
        await in_step(client)
    assert server.told("$/cancelRequest") == [{"id": 1}]


@pytest.mark.parametrize(
    ("text", "offset", "encoding", "position"),
    [
        ("ab\ncd", 4, Encoding.UTF16, (1, 1)),
        # Outside of the basic plane a character has two units.
        ("😀x", 2, Encoding.UTF16, (0, 3)),
        ("😀x", 2, Encoding.UTF8, (0, 5)),
        ("😀x", 2, Encoding.UTF32, (0, 2)),
        # Line ends of their own.
        ("a\r\nb\rc", 5, Encoding.UTF16, (2, 0)),
        # This one ends no line in the protocol.
        ("a\u2028b", 3, Encoding.UTF16, (0, 3)),
    ],
)
async def test_typing(
    text: str, offset: int, encoding: Encoding, position: tuple[int, int]
) -> None:
    server = Server({"initialize": {"capabilities": {"positionEncoding": encoding.value}}})
    async with connected(server) as (client, _rpc):
        await client.initialize()
        document = client.open(URI, "python", text)
        client.insert(URI, offset, "new")
        await in_step(client)
        (told,) = server.told("textDocument/didChange")
    at = {"line": position[0], "character": position[1]}
    assert told["contentChanges"] == [{"range": {"start": at, "end": at}, "text": "new"}]
    assert told["textDocument"] == {"uri": URI, "version": 2}
    assert document.text == text[:offset] + "new" + text[offset:]


async def test_whole_text_and_closing() -> None:
    server = Server()
    async with connected(server) as (client, _rpc):
        client.open(URI, "python", "a", version=7)
        client.change(URI, "b")
        client.save(URI)
        client.close_document(URI)
        await in_step(client)
    assert server.told("textDocument/didOpen")[0]["textDocument"]["version"] == 7
    assert server.told("textDocument/didChange") == [
        {"textDocument": {"uri": URI, "version": 8}, "contentChanges": [{"text": "b"}]}
    ]
    assert server.told("textDocument/didSave") == [{"textDocument": {"uri": URI}}]
    assert server.told("textDocument/didClose") == [{"textDocument": {"uri": URI}}]


@pytest.mark.parametrize(
    ("result", "items"),
    [
        # Overtaken.
        (None, None),
        # Nothing to show.
        ({"items": []}, []),
        ([{"insertText": "1"}], [{"insertText": "1"}]),
    ],
)
async def test_inline_completion(result: object, items: object) -> None:
    server = Server({"textDocument/inlineCompletion": result})
    async with connected(server) as (client, _rpc):
        client.open(URI, "python", "a = ")
        assert await client.inline_completion(URI, 4, explicit=True) == items
        await client.inline_completion(URI, 4)
    asked = server.told("textDocument/inlineCompletion")
    assert [each["context"]["triggerKind"] for each in asked] == [1, 2]
    assert asked[0]["position"] == {"line": 0, "character": 4}


async def test_accepting() -> None:
    server = Server({"workspace/executeCommand": None})
    between = {"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 3}}
    command = {"title": "", "command": "fimls.accepted", "arguments": [3]}
    async with connected(server) as (client, _rpc):
        client.open(URI, "python", "f()\r\n")
        await client.accept(URI, {"insertText": "x)", "range": between, "command": command})
        assert client.documents[URI].text == "f(x)\r\n"
    assert server.told("workspace/executeCommand") == [
        {"command": "fimls.accepted", "arguments": [3]}
    ]


async def test_notifications_are_kept_and_waited_for() -> None:
    async with connected(Server()) as (client, rpc):
        rpc.notify("fimls/status", {"state": "starting"})
        waiting = asyncio.ensure_future(
            client.wait_for("fimls/status", lambda params: params["state"] == "ready")
        )
        assert await client.wait_for("fimls/status") == {"state": "starting"}
        rpc.notify("fimls/status", {"state": "ready"})
        assert await waiting == {"state": "ready"}
        assert len(client.notifications["fimls/status"]) == 2
        with pytest.raises(TimeoutError):
            await client.wait_for("none", within_s=0.0)


@pytest.mark.parametrize(
    ("method", "params", "result"),
    [
        # Settings by section; null where there are none.
        (
            "workspace/configuration",
            {"items": [{"section": "fimls"}, {"section": "fimls.model"}, {"section": "other.a"}]},
            [{"model": "m"}, "m", None],
        ),
        # All of them.
        ("workspace/configuration", {"items": [{}]}, [{"fimls": {"model": "m"}}]),
        ("window/workDoneProgress/create", {"token": 1}, None),
        ("client/registerCapability", {"registrations": []}, None),
        ("window/showDocument", {"uri": URI}, {"success": True}),
        ("workspace/workspaceFolders", None, []),
    ],
)
async def test_answers_to_the_server(method: str, params: object, result: object) -> None:
    async with connected(Server()) as (client, rpc):
        client.configuration = {"fimls": {"model": "m"}}
        assert await rpc.send(method, params) == result
        assert client.requests[method] == [params]


async def test_handlers_of_the_test_go_first() -> None:
    async with connected(Server()) as (client, rpc):
        with pytest.raises(RequestError):
            await rpc.send("fimls/input", {"prompt": "?"})
        client.handlers["fimls/input"] = lambda params: {"value": params["prompt"] + "!"}
        assert await rpc.send("fimls/input", {"prompt": "?"}) == {"value": "?!"}


def edit(line: int, start: int, end: int, text: str) -> dict[str, Any]:
    between = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
    return {"range": between, "newText": text}


@pytest.mark.parametrize(
    ("workspace_edit", "applied", "text"),
    [
        # Several edits all mean the text as it was.
        ({"changes": {URI: [edit(0, 0, 1, "long"), edit(1, 1, 2, "")]}}, True, "longb\r\nc"),
        # For the version that it was made for.
        (
            {
                "documentChanges": [
                    {"textDocument": {"uri": URI, "version": 1}, "edits": [edit(1, 2, 2, "!")]}
                ]
            },
            True,
            "ab\r\ncd!",
        ),
        # The document has moved on.
        (
            {
                "documentChanges": [
                    {"textDocument": {"uri": URI, "version": 0}, "edits": [edit(0, 0, 2, "")]}
                ]
            },
            False,
            "ab\r\ncd",
        ),
        # A document that is not open.
        ({"changes": {"file:///other": [edit(0, 0, 0, "x")]}}, False, "ab\r\ncd"),
    ],
)
async def test_edits(workspace_edit: object, applied: bool, text: str) -> None:
    server = Server()
    async with connected(server) as (client, rpc):
        client.open(URI, "python", "ab\r\ncd")
        result = await rpc.send("workspace/applyEdit", {"edit": workspace_edit})
        assert (result["applied"], client.documents[URI].text) == (applied, text)
        await in_step(client)
        changes = server.told("textDocument/didChange")
    assert [each["textDocument"]["version"] for each in changes] == ([2] if applied else [])


async def test_changed_settings() -> None:
    server = Server()
    async with connected(server) as (client, rpc):
        client.configure({"fimls": {"enabled": False}})
        await in_step(client)
        told = await rpc.send("workspace/configuration", {"items": [{"section": "fimls"}]})
    assert told == [{"enabled": False}]
    assert len(server.told("workspace/didChangeConfiguration")) == 1


# Actions, and what an editor does with them


async def test_actions_are_asked_for_and_run() -> None:
    server = Server({"textDocument/codeAction": None, "workspace/executeCommand": {"ok": True}})
    async with connected(server) as (client, _rpc):
        client.open(URI, "python", "ab\ncd")
        assert await client.code_actions(URI, 1, 4, only=["refactor"], automatic=True) == []
        assert await client.code_actions(URI, 4) == []
        command = {"title": "", "command": "fimls.explain", "arguments": [1]}
        assert await client.run(command) == {"ok": True}
    asked, at_cursor = server.told("textDocument/codeAction")
    assert asked["range"] == {
        "start": {"line": 0, "character": 1},
        "end": {"line": 1, "character": 1},
    }
    assert asked["context"] == {"diagnostics": [], "triggerKind": 2, "only": ["refactor"]}
    assert at_cursor["range"]["start"] == at_cursor["range"]["end"]
    assert at_cursor["context"] == {"diagnostics": [], "triggerKind": 1}
    assert server.told("workspace/executeCommand") == [
        {"command": "fimls.explain", "arguments": [1]}
    ]


async def test_an_edit_is_one_step_to_undo() -> None:
    server = Server()
    async with connected(server) as (client, rpc):
        document = client.open(URI, "python", "ab")
        changes = {URI: [edit(0, 0, 0, "1"), edit(0, 2, 2, "2")]}
        await rpc.send("workspace/applyEdit", {"edit": {"changes": changes}})
        assert (document.text, document.past) == ("1ab2", ["ab"])
        client.undo(URI)
        assert (document.text, document.past, document.version) == ("ab", [], 3)


@pytest.mark.parametrize(
    ("capabilities", "method", "params"),
    [
        # Neither documents nor progress is shown by it.
        (MINIMAL, "window/showDocument", {"uri": URI}),
        (MINIMAL, "window/workDoneProgress/create", {"token": 1}),
        (MINIMAL, "workspace/configuration", {"items": []}),
        # One that was not asked whether it can edit.
        ({}, "workspace/applyEdit", {"edit": {"changes": {}}}),
    ],
)
async def test_what_was_not_announced_is_refused(
    capabilities: dict[str, Any], method: str, params: object
) -> None:
    async with connected(Server()) as (client, rpc):
        await client.initialize(capabilities=capabilities)
        with pytest.raises(RequestError) as refused:
            await rpc.send(method, params)
    assert refused.value.code == METHOD_NOT_FOUND


@pytest.mark.parametrize(
    ("capabilities", "applied"),
    # Neovim takes versions too, but does not say so: a server has to send what was announced.
    [(VSCODE, True), (NEOVIM, False), (MINIMAL, False)],
)
async def test_versioned_edits_have_to_be_announced(
    capabilities: dict[str, Any], applied: bool
) -> None:
    identifier = {"uri": URI, "version": 1}
    versioned = {"documentChanges": [{"textDocument": identifier, "edits": [edit(0, 0, 0, "1")]}]}
    async with connected(Server()) as (client, rpc):
        await client.initialize(capabilities=capabilities)
        client.open(URI, "python", "ab")
        result = await rpc.send("workspace/applyEdit", {"edit": versioned})
    assert result["applied"] is applied


async def test_what_was_heard() -> None:
    async with connected(Server()) as (client, rpc):
        rpc.notify("window/showMessage", {"type": 3, "message": "one"})
        ask = {"type": 2, "message": "two", "actions": [{"title": "Try again"}]}
        await rpc.send("window/showMessageRequest", ask)
        await rpc.send("window/showDocument", {"uri": URI})
        for value in (
            {"kind": "begin", "title": "Explaining", "cancellable": True},
            {"kind": "report", "message": "3 lines"},
            {"kind": "end"},
        ):
            rpc.notify("$/progress", {"token": 7, "value": value})
        await client.wait_for("$/progress", lambda params: params["value"]["kind"] == "end")
        heard = client.heard
        assert (heard.messages, heard.buttons, heard.shown) == (
            ["one", "two"],
            ["Try again"],
            [URI],
        )
        assert heard.progress[7].reports == [{"kind": "report", "message": "3 lines"}]
        assert (heard.progress[7].title, heard.progress[7].ended) == ("Explaining", "")
        client.cancel_progress(7)
        client.forget()
        rpc.notify("$/progress", {"token": 7, "value": {"kind": "end"}})
        await client.wait_for("$/progress")
        assert (heard.messages, heard.progress) == ([], {})

"""`fimls/status`, progress and `fimls/more`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.completion.values import Reason, Skip
from fimls.models.status import Command, State
from tests.lsp.editor import URI, inline
from tests.lsp.fakes import LOADING, READY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.clock import VirtualClock
    from tests.lsp.conftest import Connect
    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop

CREATE = "window/workDoneProgress/create"
SHOWS_PROGRESS = {"window": {"workDoneProgress": True}}
ASKS_AGAIN = {"experimental": {"fimls": {"more": True}}}
OFFLINE = replace(READY, state=State.OFFLINE, message="nothing answers", fix="run `ollama serve`")


async def started(editor: Editor, capabilities: Mapping[str, object] | None = None) -> None:
    await editor.start(capabilities)
    await editor.server.engine.ready()


async def ask(editor: Editor) -> object:
    return await editor.ask("textDocument/inlineCompletion", inline({"line": 0, "character": 0}))


async def test_each_change_is_told(editor: Editor, workshop: Workshop) -> None:
    await started(editor)
    pull = Command("Pull it", "fimls.pull", ("codellama:7b-code",))
    workshop.wiring.on_status(LOADING)
    workshop.wiring.on_status(replace(OFFLINE, command=pull))

    loading, offline = editor.of("fimls/status")
    assert (loading["state"], loading["model"]) == ("starting", "codellama:7b-code")
    assert offline == {
        "state": "offline",
        "backend": "ollama",
        "model": "codellama:7b-code",
        "host": "http://127.0.0.1:11434",
        "local": True,
        "message": "nothing answers",
        "fix": "run `ollama serve`",
        "command": {
            "title": "Pull it",
            "command": "fimls.pull",
            "arguments": ["codellama:7b-code"],
        },
        "uri": None,
    }


async def test_the_editors_log_is_not_flooded(editor: Editor, workshop: Workshop) -> None:
    await started(editor)
    for status in (READY, replace(READY, state=State.BUSY), READY, OFFLINE):
        workshop.wiring.on_status(status)

    logged = [(line["type"], line["message"]) for line in editor.of("window/logMessage")]
    assert logged == [
        (3, "fimls: ready · codellama:7b-code on ollama"),
        (2, "fimls: offline · codellama:7b-code on ollama · nothing answers · run `ollama serve`"),
    ]


async def test_a_secret_file_is_said_to_be_off_once(editor: Editor, workshop: Workshop) -> None:
    workshop.answer = lambda _ask: Skip(Reason.SECRET_FILE, ".env")
    await started(editor)
    editor.open("KEY=")
    assert await ask(editor) == {"items": []}
    await ask(editor)

    [status] = editor.of("fimls/status")
    assert (status["state"], status["uri"]) == ("off", URI)
    assert ".env" in status["message"]


async def test_loading_is_shown(connect: Connect, workshop: Workshop, clock: VirtualClock) -> None:
    editor = connect({CREATE: None})
    await started(editor, SHOWS_PROGRESS)
    workshop.wiring.on_status(LOADING)
    await clock.advance(1)
    workshop.wiring.on_status(READY)
    await clock.settle()

    kinds = [
        (each["value"]["kind"], each["value"].get("title")) for each in editor.of("$/progress")
    ]
    assert kinds == [("begin", "Loading codellama:7b-code"), ("end", None)]
    assert {each["token"] for each in editor.of("$/progress")} == {editor.of(CREATE)[0]["token"]}


@pytest.mark.parametrize(
    ("capabilities", "answers", "takes_s"),
    [
        # It cannot show progress.
        ({}, {CREATE: None}, 5),
        # It says that it can, and refuses.
        (SHOWS_PROGRESS, {}, 5),
        # The model is in memory already.
        (SHOWS_PROGRESS, {CREATE: None}, 0.2),
    ],
)
async def test_loading_is_not_shown(
    connect: Connect,
    workshop: Workshop,
    clock: VirtualClock,
    capabilities: Mapping[str, object],
    answers: Mapping[str, object],
    takes_s: float,
) -> None:
    editor = connect(answers)
    await started(editor, capabilities)
    workshop.wiring.on_status(LOADING)
    await clock.advance(takes_s)
    workshop.wiring.on_status(READY)
    await clock.advance(1)

    assert editor.of("$/progress") == []


@pytest.mark.parametrize(
    ("capabilities", "changes", "told"),
    [
        # The model was not there when the user asked, and now it is.
        (ASKS_AGAIN, False, [{"uri": URI, "version": 1}]),
        # The document has moved on: the next key asks by itself.
        (ASKS_AGAIN, True, []),
        # The client does not know of this.
        ({}, False, []),
    ],
)
async def test_a_model_that_came_too_late(
    editor: Editor,
    workshop: Workshop,
    capabilities: Mapping[str, object],
    changes: bool,
    told: object,
) -> None:
    workshop.answer = lambda _ask: Skip(Reason.NO_MODEL)
    await started(editor, capabilities)
    editor.open("x = ")
    await ask(editor)
    if changes:
        editor.change({"text": "y = "})
    workshop.wiring.on_status(READY)
    workshop.wiring.on_status(replace(READY, state=State.BUSY))
    workshop.wiring.on_status(READY)

    assert editor.of("fimls/more") == told


async def test_the_rest_of_a_block_is_told_of(editor: Editor, workshop: Workshop) -> None:
    await started(editor, ASKS_AGAIN)
    workshop.wiring.on_more(URI, 3)

    assert editor.of("fimls/more") == [{"uri": URI, "version": 3}]

"""`fimls/status`, progress and `fimls/more`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.completion.values import Reason, Skip
from fimls.errors import HostRefused, ModelRefused, Unreachable
from fimls.models.conditions import Condition
from fimls.models.status import Command, State, Status, status_of
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
AT_H = replace(READY, backend="openai", host="http://h:1")
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


BUSY = replace(READY, state=State.BUSY)


@pytest.mark.parametrize(
    ("statuses", "for_s", "told"),
    [
        # What is over before anybody sees it.
        ([READY, BUSY, READY], 0.05, ["ready"]),
        ([READY, BUSY, READY], 0.2, ["ready", "busy", "ready"]),
        # That it is tried again is news where something was the matter, and so is how that ends.
        ([READY, BUSY, OFFLINE], 0.05, ["ready", "offline"]),
        ([OFFLINE, BUSY, READY], 0.05, ["offline", "busy", "ready"]),
        # Nothing is known at the beginning.
        ([BUSY, READY], 0.05, ["busy", "ready"]),
    ],
)
async def test_a_model_at_work_is_told_of_if_it_lasts(
    editor: Editor,
    workshop: Workshop,
    clock: VirtualClock,
    statuses: list[Status],
    for_s: float,
    told: list[str],
) -> None:
    await started(editor)
    for status in statuses:
        workshop.wiring.on_status(status)
        await clock.advance(for_s)
    assert [each["state"] for each in editor.of("fimls/status")] == told


async def test_the_editors_log_is_not_flooded(editor: Editor, workshop: Workshop) -> None:
    await started(editor)
    for status in (READY, replace(READY, state=State.BUSY), READY, OFFLINE):
        workshop.wiring.on_status(status)

    logged = [(line["type"], line["message"]) for line in editor.of("window/logMessage")]
    assert logged == [
        (3, "fimls: ready · codellama:7b-code on ollama"),
        (2, "fimls: offline · codellama:7b-code on ollama · nothing answers · run `ollama serve`"),
    ]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        # Something is missing: a warning; something is wrong: an error.
        (
            status_of(Unreachable("nothing answers at http://h:1"), about=AT_H),
            (2, "fimls: nothing answers at http://h:1. Start the server at http://h:1, or set"),
        ),
        (
            status_of(ModelRefused("no key", condition=Condition.WRONG_KEY), about=AT_H),
            (1, "fimls: no key. Put `Authorization = "),
        ),
        (
            status_of(HostRefused("http://h:1 is not this machine"), about=AT_H),
            (2, "fimls: http://h:1 is not this machine. Set `allowRemote` to true"),
        ),
        # Trouble of our own, without a fix.
        (Status(State.ERROR, message="it is broken."), (1, "fimls: it is broken.")),
    ],
)
async def test_trouble_is_told_once_and_withdrawn(
    editor: Editor,
    workshop: Workshop,
    clock: VirtualClock,
    status: Status,
    message: tuple[int, str],
) -> None:
    await started(editor)
    for _ in range(3):
        workshop.wiring.on_status(status)
        await clock.advance(2)
        workshop.wiring.on_status(READY)

    [shown] = editor.of("window/showMessage")
    assert (shown["type"], shown["message"][: len(message[1])]) == message
    assert shown["message"].endswith(".")
    last = editor.of("fimls/status")[-1]
    assert (last["state"], last["message"], last["fix"]) == ("ready", "", None)


async def test_trouble_that_is_over_in_a_moment_is_not_told(
    editor: Editor, workshop: Workshop, clock: VirtualClock
) -> None:
    await started(editor)
    workshop.wiring.on_status(OFFLINE)
    await clock.advance(0.5)
    workshop.wiring.on_status(READY)
    await clock.advance(5)

    assert editor.of("window/showMessage") == []
    assert [each["state"] for each in editor.of("fimls/status")] == ["offline", "ready"]


async def test_a_secret_file_is_said_to_be_off_once(editor: Editor, workshop: Workshop) -> None:
    workshop.answer = lambda _ask: Skip(Reason.SECRET_FILE, ".env")
    await started(editor)
    editor.open("KEY=")
    assert await ask(editor) == {"items": []}
    await ask(editor)

    [status] = editor.of("fimls/status")
    assert (status["state"], status["uri"]) == ("off", URI)
    assert ".env" in status["message"]
    assert editor.of("window/showMessage") == []


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

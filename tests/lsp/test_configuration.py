"""Settings: where they come from while the server runs, and what is said about wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.settings import Effect
from tests.lsp.editor import SILENCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fimls.settings import Settings
    from fimls.testing.clock import VirtualClock
    from tests.lsp.conftest import Connect
    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop

PULL = "workspace/configuration"
GIVES = {"workspace": {"configuration": True}}
REGISTERS = {"workspace": {"didChangeConfiguration": {"dynamicRegistration": True}}}


async def begun_with(editor: Editor, workshop: Workshop) -> Settings:
    """The settings that the engine was made with."""
    await editor.server.engine.ready()
    return workshop.wiring.settings


def problems(editor: Editor) -> list[str]:
    return [shown["message"] for shown in editor.of("window/showMessage")]


def changed(editor: Editor, settings: object) -> None:
    editor.tell("workspace/didChangeConfiguration", {"settings": settings})


def tokens(number: int) -> dict[str, object]:
    return {"completion": {"maxTokens": number}}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        # Each source wins over those before it.
        ((), 128),
        (("file",), 1),
        (("file", "environment"), 2),
        (("file", "environment", "options"), 3),
        (("file", "environment", "options", "section"), 4),
        (("file", "environment", "options", "section", "line"), 5),
        (("file", "section"), 4),
    ],
)
async def test_order(
    connect: Connect, workshop: Workshop, tmp_path: Path, sources: tuple[str, ...], expected: int
) -> None:
    if "file" in sources:
        (tmp_path / "config.toml").write_text("completion.maxTokens = 1")
    environ = {"FIMLS_COMPLETION_MAX_TOKENS": "2"} if "environment" in sources else {}
    options = {"fimls": {"completion.maxTokens": 3}} if "options" in sources else None
    section = tokens(4) if "section" in sources else None
    line = ("completion.maxTokens=5",) if "line" in sources else ()
    editor = connect({PULL: [section]}, *line, environ=environ)
    await editor.start(GIVES, initializationOptions=options)

    assert (await begun_with(editor, workshop)).completion.max_tokens == expected
    assert problems(editor) == []


@pytest.mark.parametrize(
    ("section", "said"),
    [
        # A wrong value.
        (tokens(0), "completion.maxTokens"),
        # An unknown key, with the nearest known one.
        ({"modle": "x"}, "did you mean model?"),
        # What a repository may not decide.
        ({"host": "http://example.org"}, "host is not taken from the workspace"),
    ],
)
async def test_problems_are_told_once(
    connect: Connect, workshop: Workshop, section: Mapping[str, object], said: str
) -> None:
    editor = connect({PULL: [section]})
    await editor.start(GIVES)
    settings = await begun_with(editor, workshop)
    changed(editor, None)
    changed(editor, None)
    await editor.ask("workspace/executeCommand", {"command": "fimls.toggle"})

    assert [said in problem for problem in problems(editor)] == [True]
    assert editor.of("window/showMessage")[0]["type"] == 2
    assert (settings.completion.max_tokens, settings.host) == (128, "http://127.0.0.1:11434")


@pytest.mark.parametrize("nothing", [None, {}, [], "", {"completion": []}])
async def test_editors_have_many_ways_to_say_nothing(
    connect: Connect, workshop: Workshop, nothing: object
) -> None:
    editor = connect({PULL: [nothing]})
    await editor.start(GIVES, initializationOptions=nothing)

    assert (await begun_with(editor, workshop)).enabled
    assert problems(editor) == []


async def test_a_client_that_is_asked_is_asked_on_each_change(
    connect: Connect, workshop: Workshop, clock: VirtualClock
) -> None:
    editor = connect({PULL: [tokens(10)]})
    await editor.start(GIVES)
    await begun_with(editor, workshop)
    editor.answers[PULL] = [tokens(20)]
    # What the notification itself says does not count then.
    changed(editor, {"fimls": tokens(30)})
    await clock.settle()

    [(settings, effects)] = workshop.completer.configured
    assert settings.completion.max_tokens == 20
    assert effects == {Effect.DROP_RUNS}
    assert editor.of(PULL) == [{"items": [{"section": "fimls"}]}] * 2


async def test_a_client_that_cannot_be_asked_tells(
    editor: Editor, workshop: Workshop, clock: VirtualClock
) -> None:
    await editor.start()
    await begun_with(editor, workshop)
    changed(editor, {"fimls": tokens(30), "pylsp": {}})
    await clock.settle()
    changed(editor, None)
    await clock.settle()

    assert [each.completion.max_tokens for each, _ in workshop.completer.configured] == [30]
    assert problems(editor) == []


async def test_the_users_file_is_read_again(
    editor: Editor, workshop: Workshop, clock: VirtualClock, tmp_path: Path
) -> None:
    await editor.start()
    await begun_with(editor, workshop)
    (tmp_path / "config.toml").write_text("model = 'qwen2.5-coder:7b'")
    changed(editor, None)
    await clock.settle()

    [(settings, effects)] = workshop.completer.configured
    assert settings.model == "qwen2.5-coder:7b"
    assert Effect.RESTART_MODEL in effects


async def test_settings_that_stay_change_nothing(
    connect: Connect, workshop: Workshop, clock: VirtualClock
) -> None:
    editor = connect({PULL: [tokens(10)]})
    await editor.start(GIVES)
    await begun_with(editor, workshop)
    changed(editor, None)
    await clock.settle()

    assert workshop.completer.configured == []


@pytest.mark.parametrize("answers", [{}, {PULL: []}])
async def test_a_client_that_refuses_or_says_nothing_useful(
    connect: Connect, workshop: Workshop, answers: Mapping[str, object]
) -> None:
    editor = connect(answers)
    await editor.start(GIVES, initializationOptions=tokens(3))

    assert (await begun_with(editor, workshop)).completion.max_tokens == 3


async def test_a_client_that_never_answers_is_not_waited_for(
    connect: Connect, workshop: Workshop, clock: VirtualClock
) -> None:
    editor = connect({PULL: SILENCE})
    await editor.start(GIVES)
    await clock.drive(editor.server.engine.ready())

    assert workshop.wiring.settings.enabled
    assert clock.now() == pytest.approx(0.3)


async def test_what_is_wrong_is_told_without_an_answer_too(
    connect: Connect, clock: VirtualClock
) -> None:
    editor = connect({PULL: SILENCE})
    await editor.start(GIVES, initializationOptions={"modle": "x"})
    await clock.drive(editor.hears("window/showMessage"))
    [told] = problems(editor)
    # The answer comes after all.
    [ident] = [said.ident for said in editor.heard if said.method == PULL]
    editor.send({"id": ident, "result": [tokens(0)]})
    await clock.settle()

    assert "did you mean model?" in told
    assert problems(editor)[0] == told
    assert "completion.maxTokens" in problems(editor)[1]


async def test_changes_are_asked_for_where_that_is_wanted(
    connect: Connect, clock: VirtualClock
) -> None:
    editor = connect({"client/registerCapability": None})
    await editor.start(REGISTERS)
    await clock.settle()

    method = "workspace/didChangeConfiguration"
    wish = {"id": method, "method": method, "registerOptions": {"section": "fimls"}}
    assert editor.of("client/registerCapability") == [{"registrations": [wish]}]


async def test_toggling_outlives_other_changes(
    connect: Connect, workshop: Workshop, clock: VirtualClock
) -> None:
    editor = connect({PULL: [{}]})
    await editor.start(GIVES)
    await begun_with(editor, workshop)
    toggle = {"command": "fimls.toggle"}
    off = await editor.ask("workspace/executeCommand", toggle)
    editor.answers[PULL] = [tokens(20)]
    changed(editor, None)
    await clock.settle()
    on = await editor.ask("workspace/executeCommand", toggle)

    assert (off, on) == ({"enabled": False}, {"enabled": True})
    assert [each.enabled for each, _ in workshop.completer.configured] == [False, False, True]

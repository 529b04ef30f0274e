"""The commands, and `fimls/explainLast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fimls.completion.trace import Recorder
from fimls.completion.values import Ask, Completion
from fimls.errors import ProcessError
from fimls.models import catalogue
from fimls.models.catalogue import Entry
from fimls.settings import Effect
from tests.lsp.editor import URI

if TYPE_CHECKING:
    from fimls.lsp.progress import Report
    from fimls.testing.clock import VirtualClock
    from tests.lsp.conftest import Connect
    from tests.lsp.editor import Editor, Json
    from tests.lsp.fakes import Workshop


async def run(editor: Editor, command: str, *arguments: object) -> Json:
    params = {"command": command, "arguments": arguments}
    return await editor.ask("workspace/executeCommand", params)


async def test_accepted_is_logged(editor: Editor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="fimls")
    await editor.start()

    assert await run(editor, "fimls.accepted", 7) is None
    assert "accepted: item 7" in caplog.text
    # Editors drop arguments, and send others.
    assert await run(editor, "fimls.accepted") is None


async def test_restart(editor: Editor, workshop: Workshop) -> None:
    await editor.start()
    assert await run(editor, "fimls.restartModel") is None

    [(_settings, effects)] = workshop.completer.configured
    assert Effect.RESTART_MODEL in effects
    assert workshop.session.restarts == 1


async def test_models(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def usable(*_whatever: object) -> list[Entry]:
        return [Entry("smollm2-135m", "embedded", 5, "by prefix only", False, Path("a.gguf"))]

    monkeypatch.setattr(catalogue, "usable", usable)
    await editor.start()

    assert await run(editor, "fimls.models") == {
        "models": [
            {
                "name": "smollm2-135m",
                "backend": "embedded",
                "size_bytes": 5,
                "fills": "by prefix only",
                "loaded": False,
                "path": "a.gguf",
            }
        ]
    }


async def test_pulling_shows_progress_and_restarts(
    connect: Connect, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get(name: str, _settings: object, _environ: object, report: Report) -> str:
        for done in (0, 50, 50, 100):
            report(done, 100)
        return name

    monkeypatch.setattr(catalogue, "get", get)
    editor = connect({"window/workDoneProgress/create": None})
    await editor.start({"window": {"workDoneProgress": True}})
    got = await run(editor, "fimls.pull", "codellama:7b-code")

    assert got == {"model": "codellama:7b-code"}
    values = [each["value"] for each in editor.of("$/progress")]
    assert [value.get("percentage") for value in values] == [0, 50, 100, None]
    assert values[0]["title"] == "Fetching codellama:7b-code"
    assert values[0]["cancellable"] is True
    assert workshop.session.restarts == 1


async def test_pulling_in_vain_is_told(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def get(*_whatever: object) -> str:
        raise ProcessError("there is no pip")

    monkeypatch.setattr(catalogue, "get", get)
    await editor.start()

    assert await run(editor, "fimls.pull") is None
    assert editor.of("window/showMessage") == [{"type": 1, "message": "fimls: there is no pip"}]


async def test_pulling_is_cancelled_by_its_progress(
    connect: Connect, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get(*_whatever: object) -> str:
        await clock.sleep(3600)
        return "never"

    monkeypatch.setattr(catalogue, "get", get)
    editor = connect({"window/workDoneProgress/create": None})
    await editor.start({"window": {"workDoneProgress": True}})
    _ident, answer = editor.begin("workspace/executeCommand", {"command": "fimls.pull"})
    await clock.settle()
    token = editor.of("$/progress")[0]["token"]
    editor.tell("window/workDoneProgress/cancel", {"token": token})

    with pytest.raises(Exception, match="cancel"):
        await answer
    assert [each["value"]["kind"] for each in editor.of("$/progress")] == ["begin", "end"]


async def explain(editor: Editor) -> Json:
    return await editor.ask("fimls/explainLast", {"textDocument": {"uri": URI}})


async def test_what_was_last(editor: Editor, workshop: Workshop, clock: VirtualClock) -> None:
    await editor.start()
    await editor.server.engine.ready()
    editor.open("x = ")
    snap = editor.server.documents.at(URI)
    assert snap is not None
    record = Recorder(Ask(snap, snap.hole_at(4)), clock)
    workshop.completer.traces[URI] = record.done(Completion("1", 4, 4))

    explained = await explain(editor)
    assert (explained["text"], explained["skip"]) == ("1", None)
    assert explained["filters"] == []


@pytest.mark.parametrize(
    ("is_open", "reason"),
    [
        # Nothing has been asked yet.
        (True, "no completion has been asked for in this document yet"),
        # The editor does not show it, or its scheme is ignored.
        (False, "the document is not open"),
    ],
)
async def test_why_there_is_nothing_to_explain(
    editor: Editor,
    is_open: bool,
    reason: str,
) -> None:
    await editor.start()
    if is_open:
        editor.open("x = ")

    explained = await explain(editor)
    assert (explained["text"], explained["skip"]) == ("", reason)

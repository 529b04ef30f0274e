"""The commands, and `fimls/explainLast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fimls.completion.trace import Recorder
from fimls.completion.values import Ask, Completion
from fimls.errors import ProcessError
from fimls.models import catalogue
from fimls.models.catalogue import Entry, as_json, usable
from fimls.settings import Effect, Settings
from fimls.testing.fake_ollama import FakeOllama
from tests.lsp.editor import URI, RefusedError
from tests.models.standing_clock import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.lsp.progress import Report
    from fimls.testing.clock import VirtualClock
    from tests.lsp.conftest import Connect
    from tests.lsp.editor import Editor, Json
    from tests.lsp.fakes import Workshop

REQUEST_CANCELLED = -32800
"""`RequestCancelled` of the LSP specification."""


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
                "family": "",
                "found_by": "",
                "loaded": False,
                "path": "a.gguf",
            }
        ]
    }


async def test_models_are_what_the_command_line_lists(connect: Connect, tmp_path: Path) -> None:
    async with FakeOllama(models=["codellama:7b-code", "llama3:8b"]) as fake:
        folders = {"FIMLS_DATA_DIR": str(tmp_path), "FIMLS_CACHE_DIR": str(tmp_path)}
        editor = connect(None, f"host={fake.url}", environ=folders)
        await editor.start()
        listed = await run(editor, "fimls.models")
        assert listed == as_json(await usable(Settings(host=fake.url), folders))
    rows = {row["name"]: (row["fills"], row["family"]) for row in listed["models"]}
    assert rows == {
        "codellama:7b-code": ("yes", "codellama"),
        "llama3:8b": ("by prefix only", ""),
    }


async def test_pulling_shows_progress(
    connect: Connect, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get(name: str, _settings: object, _environ: object, report: Report) -> str:
        for done in (0, 50, 50, 100):
            report(done, 100)
        # There turns out to be more; and then it is all there.
        report(100, 200)
        report(200, 200)
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
    # Nothing under way is given up for it: the session looks whether it is preferred.
    assert (workshop.session.looks, workshop.session.restarts) == (1, 0)


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


@pytest.mark.parametrize(
    ("pullable", "said"),
    [
        # The registry does not know the name: told in a stream that began with status 200.
        ({}, "there is no model house:v1 to pull: correct the name of the model"),
        (
            {"house:v1": "max retries exceeded: no route to host"},
            "fetching house:v1 failed: max retries exceeded: no route to host: pull it again",
        ),
    ],
)
async def test_what_ollama_says_of_a_pull_is_told(
    connect: Connect, workshop: Workshop, pullable: Mapping[str, str], said: str
) -> None:
    async with FakeOllama(models=[], pullable=pullable) as fake:
        editor = connect(None, f"host={fake.url}")
        await editor.start()
        assert await run(editor, "fimls.pull", "house:v1") is None
    [told] = editor.of("window/showMessage")
    assert told["type"] == 1
    assert said in told["message"]
    assert workshop.session.looks == 0


async def test_a_pull_from_nobody_is_told(editor: Editor) -> None:
    await editor.start(initializationOptions={"host": "http://127.0.0.1:9"})
    assert await run(editor, "fimls.pull", "house:v1") is None
    [told] = editor.of("window/showMessage")
    assert "nothing answers at http://127.0.0.1:9" in told["message"]
    assert "ollama serve" in told["message"]


def by_progress(editor: Editor, _ident: int) -> None:
    token = editor.of("$/progress")[0]["token"]
    editor.tell("window/workDoneProgress/cancel", {"token": token})


def by_request(editor: Editor, ident: int) -> None:
    editor.tell("$/cancelRequest", {"id": ident})


@pytest.mark.parametrize(
    ("cancel", "shows_progress"),
    [(by_progress, True), (by_request, True), (by_request, False)],
)
async def test_a_pull_that_is_cancelled_closes_the_connection(
    connect: Connect,
    workshop: Workshop,
    cancel: Callable[[Editor, int], None],
    shows_progress: bool,
) -> None:
    standing = Standing()
    async with FakeOllama(models=[], clock=standing) as fake:
        editor = connect({"window/workDoneProgress/create": None}, f"host={fake.url}")
        await editor.start({"window": {"workDoneProgress": shows_progress}})
        params = {"command": "fimls.pull", "arguments": ["codellama:7b-code"]}
        ident, answer = editor.begin("workspace/executeCommand", params)
        await standing.reached.wait()
        cancel(editor, ident)
        # Ollama, which was in the middle of it, sees that nobody listens any more.
        await standing.left.wait()
        with pytest.raises(RefusedError) as refused:
            await answer
    assert refused.value.code == REQUEST_CANCELLED
    kinds = [each["value"]["kind"] for each in editor.of("$/progress")]
    assert (kinds[:1], kinds[-1:]) == ((["begin"], ["end"]) if shows_progress else ([], []))
    assert editor.of("window/showMessage") == []
    assert workshop.session.looks == 0


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

"""The index of the workspace, as a client sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fimls.clock import SystemClock
from fimls.lsp.configuration import Configuration
from fimls.lsp.features import make_server
from fimls.models.status import State, Status
from fimls.settings import from_assignments
from tests.lsp.editor import Editor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from fimls.lsp.language_server import FimlsServer
    from tests.lsp.fakes import Workshop

# Nothing takes as long even where eight others want the processor.
_PATIENCE_S = 60.0

_PROGRESS = {"window": {"workDoneProgress": True}}
_WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
_CREATE, _REGISTER = "window/workDoneProgress/create", "client/registerCapability"
_CHANGED = "workspace/didChangeWatchedFiles"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of a user's."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text("def first(): pass\n")
    return project


@pytest.fixture
async def connected(tmp_path: Path, workshop: Workshop) -> AsyncIterator[Callable[..., Editor]]:
    """Makes editors of servers whose clock is the machine's, since processes have no other."""
    servers: list[FimlsServer] = []

    def make(*assignments: str, answers: dict[str, object] | None = None) -> Editor:
        around = {"FIMLS_CONFIG_DIR": str(tmp_path), "FIMLS_CACHE_DIR": str(tmp_path / "cache")}
        wanted = Configuration(from_assignments(assignments), around)
        servers.append(make_server(wanted, SystemClock(), workshop.load))
        return Editor(servers[-1], answers)

    yield make
    for server in servers:
        await server.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not holds():
            await SystemClock().sleep(0.01)


def defines(editor: Editor, uri: str, name: str) -> list[str]:
    view = editor.server.indexing.view(uri)
    return [] if view is None else [each.path for each in view.defining(name)]


def folders(*roots: Path) -> list[dict[str, str]]:
    return [{"uri": root.as_uri(), "name": root.name} for root in roots]


async def test_the_first_run_is_shown(connected: Callable[..., Editor], root: Path) -> None:
    editor = connected(answers={_CREATE: None})
    await editor.start(_PROGRESS, workspaceFolders=folders(root))
    await until(lambda: any(each["value"]["kind"] == "end" for each in editor.of("$/progress")))
    begin, *_, end = [each["value"] for each in editor.of("$/progress")]
    assert (begin["kind"], begin["title"], begin["cancellable"]) == ("begin", "Indexing", True)
    assert end == {"kind": "end"}
    # Its end is the sign that the map is complete.
    assert defines(editor, (root / "b.py").as_uri(), "first") == ["a.py"]


async def test_the_client_watches(connected: Callable[..., Editor], root: Path) -> None:
    editor = connected(answers={_REGISTER: None})
    await editor.start(_WATCHES, workspaceFolders=folders(root))
    here = (root / "a.py").as_uri()
    await until(lambda: defines(editor, here, "first") == ["a.py"])
    wishes = [each["registrations"][0] for each in editor.of(_REGISTER)]
    (wish,) = [each for each in wishes if each["method"] == _CHANGED]
    assert wish["registerOptions"]["watchers"] == [{"globPattern": "**/*"}]
    (root / "b.py").write_text("def second(): pass\n")
    editor.tell(_CHANGED, {"changes": [{"uri": (root / "b.py").as_uri(), "type": 1}]})
    await until(lambda: defines(editor, here, "second") == ["b.py"])


@pytest.mark.parametrize(
    ("capabilities", "answers"),
    [
        # A client that does not watch, and one that says it does but refuses.
        ({}, {}),
        (_WATCHES, {}),
    ],
)
async def test_nobody_watches(
    connected: Callable[..., Editor],
    root: Path,
    capabilities: dict[str, object],
    answers: dict[str, object],
) -> None:
    editor = connected(answers=answers)
    await editor.start(capabilities, workspaceFolders=folders(root))
    here = (root / "a.py").as_uri()
    await until(lambda: defines(editor, here, "first") == ["a.py"])
    (root / "b.py").write_text("def second(): pass\n")
    await until(lambda: defines(editor, here, "second") == ["b.py"])


async def test_what_is_typed(connected: Callable[..., Editor], root: Path) -> None:
    editor = connected()
    here = (root / "a.py").as_uri()
    # Opened before there is an index, as editors do.
    await editor.start(workspaceFolders=folders(root))
    editor.open("def typed(): pass\n", here)
    await until(lambda: defines(editor, here, "typed") == ["a.py"])
    editor.change({"text": "def changed(): pass\n"}, uri=here)
    await until(lambda: defines(editor, here, "changed") == ["a.py"])
    editor.tell("textDocument/didClose", {"textDocument": {"uri": here}})
    await until(lambda: defines(editor, here, "first") == ["a.py"])


async def test_folders_come_and_go(
    connected: Callable[..., Editor], root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.py").write_text("def other(): pass\n")
    editor = connected()
    await editor.start(workspaceFolders=folders(root))
    change = "workspace/didChangeWorkspaceFolders"
    editor.tell(change, {"event": {"added": folders(other), "removed": []}})
    await until(lambda: defines(editor, (other / "o.py").as_uri(), "other") == ["o.py"])
    assert defines(editor, (root / "a.py").as_uri(), "other") == []
    editor.tell(change, {"event": {"added": [], "removed": folders(other)}})
    await until(lambda: editor.server.indexing.view((other / "o.py").as_uri()) is None)


@pytest.mark.parametrize("uri", ["untitled:a.py", "git:/project/a.py", "file:///elsewhere/a.py"])
async def test_documents_in_no_folder(
    connected: Callable[..., Editor], root: Path, uri: str
) -> None:
    editor = connected()
    await editor.start(workspaceFolders=folders(root))
    editor.open("def typed(): pass\n", uri)
    await until(lambda: defines(editor, (root / "a.py").as_uri(), "first") == ["a.py"])
    assert editor.server.indexing.view(uri) is None


async def test_it_can_be_switched_off(
    connected: Callable[..., Editor], root: Path, tmp_path: Path
) -> None:
    editor = connected("context.repoMap=false", answers={_CREATE: None})
    await editor.start(_PROGRESS, workspaceFolders=folders(root))
    await until(lambda: editor.server.indexing._repository is not None)
    assert editor.server.indexing.view((root / "a.py").as_uri()) is None
    assert editor.of("$/progress") == []
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("status", "is_paused"),
    [
        (Status(State.BUSY, model="m", local=True), True),
        (Status(State.STARTING, model="m", local=True), True),
        (Status(State.READY, model="m", local=True), False),
        # A model elsewhere does not need this machine's processor.
        (Status(State.BUSY, model="m", local=False), False),
    ],
)
async def test_a_local_model_comes_first(
    connected: Callable[..., Editor], root: Path, status: Status, is_paused: bool
) -> None:
    editor = connected()
    editor.server.status.tell(status)
    await editor.start(workspaceFolders=folders(root))
    await until(lambda: editor.server.indexing._repository is not None)
    repository = editor.server.indexing._repository
    assert repository is not None
    assert repository._workers._open.is_set() is not is_paused


async def test_nothing_is_left(connected: Callable[..., Editor], root: Path) -> None:
    editor = connected()
    await editor.start(workspaceFolders=folders(root))
    await until(lambda: editor.server.indexing._repository is not None)
    await editor.ask("shutdown")
    assert editor.server.indexing.view((root / "a.py").as_uri()) is None

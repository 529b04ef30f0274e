"""The index as a server uses it: folders, documents, changes on disk with and without a watcher."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fimls.clock import SystemClock
from fimls.errors import ProcessError
from fimls.repository import watch
from fimls.repository.service import Report, Repository
from fimls.repository.workers import Workers
from fimls.settings import ContextSettings
from fimls.text.languages import LANGUAGES
from tests.repository.folders import PATIENCE_S, until
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from fimls.processes import Child

PYTHON = LANGUAGES["python"]

Serve = Callable[..., Repository]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    """Makes repositories, which are closed afterwards."""
    all_made: list[Repository] = []

    def make(settings: ContextSettings | None = None, **more: object) -> Repository:
        cache = tmp_path / "cache"
        repository = Repository(settings or ContextSettings(), cache, SystemClock(), **more)  # type: ignore[arg-type]
        all_made.append(repository)
        return repository

    yield make
    for repository in all_made:
        await repository.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with another one in it."""
    files = {"a.py": "def first(): pass\n", "inner/b.py": "def second(): pass\n"}
    return made(tmp_path / "project", files)


def defines(repository: Repository, path: Path, name: str) -> list[str]:
    view = repository.view(str(path))
    return [] if view is None else [each.path for each in view.defining(name)]


async def ready(repository: Repository) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await repository.ready()


async def test_a_document_sees_its_own_folder(serve: Serve, root: Path, tmp_path: Path) -> None:
    repository = serve()
    other = made(tmp_path / "other", {"a.py": "def elsewhere(): pass\n"})
    repository.set_folders([str(root), str(root / "inner"), str(other)])
    await ready(repository)
    assert repository.is_complete
    assert defines(repository, root / "a.py", "second") == ["inner/b.py"]
    assert defines(repository, root / "inner" / "b.py", "second") == ["b.py"]
    assert defines(repository, root / "inner" / "b.py", "first") == []
    assert defines(repository, other / "new.py", "elsewhere") == ["a.py"]
    assert repository.relative(str(root / "inner" / "b.py")) == "b.py"
    assert repository.view(str(tmp_path / "project2" / "a.py")) is None
    assert repository.relative(str(tmp_path / "a.py")) == ""
    # Folders go while the server runs.
    repository.set_folders([str(root)])
    assert repository.view(str(other / "a.py")) is None
    assert defines(repository, root / "inner" / "b.py", "first") == ["a.py"]


async def test_a_folder_that_is_called_by_a_link(serve: Serve, root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root, target_is_directory=True)
    repository = serve()
    repository.set_folders([str(tmp_path / "link")])
    await ready(repository)
    assert defines(repository, tmp_path / "link" / "a.py", "first") == ["a.py"]
    assert defines(repository, root / "a.py", "first") == ["a.py"]


@pytest.mark.parametrize("settings", [{"repo_map": False}, {"max_files": 0}])
async def test_it_can_be_switched_off(
    serve: Serve, root: Path, tmp_path: Path, settings: dict[str, bool]
) -> None:
    repository = serve(ContextSettings(**settings))  # type: ignore[arg-type]
    repository.set_folders([str(root)])
    await ready(repository)
    assert repository.view(str(root / "a.py")) is None
    assert not (tmp_path / "cache").exists()
    repository.configure(ContextSettings(), [str(root)])
    await ready(repository)
    assert defines(repository, root / "a.py", "first") == ["a.py"]


async def test_a_folder_that_is_not_there(serve: Serve, tmp_path: Path) -> None:
    repository = serve()
    repository.set_folders([str(tmp_path / "nowhere"), str(Path.home())])
    await ready(repository)
    assert repository.view(str(tmp_path / "nowhere" / "a.py")) is None
    assert defines(repository, Path.home() / "a.py", "first") == []


async def test_what_is_typed(serve: Serve, root: Path) -> None:
    repository = serve()
    repository.set_folders([str(root)])
    await ready(repository)
    path = str(root / "a.py")
    for text in ("def ty(): pass", "def type(): pass", "def typed(): pass"):
        repository.typed(path, PYTHON, partial(str, text))
    await until(lambda: defines(repository, root / "a.py", "typed") == ["a.py"])
    repository.closed(path)
    await until(lambda: defines(repository, root / "a.py", "first") == ["a.py"])


async def test_told_by_the_client(serve: Serve, root: Path) -> None:
    repository = serve()
    repository.set_folders([str(root)])
    await ready(repository)
    (root / "c.py").write_text("def third(): pass\n")
    repository.told([str(root / "c.py"), str(root.parent / "other.py")])
    await until(lambda: defines(repository, root / "a.py", "third") == ["c.py"])


async def check_seen(serve: Serve, root: Path) -> None:
    repository = serve(watches=True)
    repository.set_folders([str(root)])
    await ready(repository)
    here = root / "a.py"
    # A file comes, changes, and goes; then a folder of them.
    (root / "c.py").write_text("def third(): pass\n")
    await until(lambda: defines(repository, here, "third") == ["c.py"])
    (root / "c.py").write_text("def fourth_one(): pass\n")
    await until(lambda: defines(repository, here, "fourth_one") == ["c.py"])
    (root / "c.py").unlink()
    await until(lambda: defines(repository, here, "fourth_one") == [])
    made(root, {"x/y/z.py": "def deep(): pass\n"})
    await until(lambda: defines(repository, here, "deep") == ["x/y/z.py"])
    (root / "x").rename(root / "w")
    await until(lambda: defines(repository, here, "deep") == ["w/y/z.py"])
    (root / "w" / "y" / "more.py").write_text("def more(): pass\n")
    await until(lambda: defines(repository, here, "more") == ["w/y/more.py"])
    (root / ".fimlsignore").write_text("w/\n")
    await until(lambda: defines(repository, here, "more") == [])


async def test_changes_are_seen(serve: Serve, root: Path) -> None:
    await check_seen(serve, root)


async def test_a_folder_in_the_place_of_another_one_is_watched(serve: Serve, root: Path) -> None:
    repository = serve(watches=True)
    repository.set_folders([str(root)])
    await ready(repository)
    here = root / "a.py"
    shutil.rmtree(root / "inner")
    made(root, {"inner/c.py": "def third(): pass\n"})
    await until(lambda: defines(repository, here, "third") == ["inner/c.py"])
    made(root, {"inner/d.py": "def fourth(): pass\n"})
    await until(lambda: defines(repository, here, "fourth") == ["inner/d.py"])


async def test_what_fails_is_no_end_of_watching(
    serve: Serve, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Workers._child
    failed: list[str] = []
    short = ["at the start"]

    async def child(workers: Workers) -> Child:
        if short:
            failed.append(short.pop())
            raise ProcessError("no more processes")
        return await start(workers)

    monkeypatch.setattr(Workers, "_child", child)
    repository = serve(watches=True)
    repository.set_folders([str(root)])
    await ready(repository)
    here = root / "a.py"
    await until(lambda: defines(repository, here, "second") == ["inner/b.py"])
    short.append("when something changes")
    made(root, {"c.py": "def third(): pass\n"})
    await until(lambda: len(failed) == 2)
    made(root, {"d.py": "def fourth(): pass\n"})
    await until(lambda: defines(repository, here, "fourth") == ["d.py"])


async def test_what_may_be_read_by_now_is(serve: Serve, root: Path) -> None:
    told: list[set[str]] = []
    repository = serve(watches=True)
    repository.set_folders([str(root)])
    await ready(repository)
    index = next(iter(repository._folders.values())).index

    async def note(paths: set[str]) -> bool:
        told.append(paths)
        return False

    await until(lambda: index.is_complete)
    index.told = note  # type: ignore[assignment,method-assign]
    (root / "a.py").chmod(0o600)
    await until(lambda: {"a.py"} in told)


async def test_changes_are_seen_without_help_of_the_system(
    serve: Serve, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_inotify", lambda: None)
    monkeypatch.setattr(watch, "_EVERY_S", 0.05)
    monkeypatch.setattr(watch, "_SHARE", 1.0)
    await check_seen(serve, root)


async def test_more_folders_than_the_system_watches(
    serve: Serve, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("fimls.repository.inotify.Inotify.watch", full)
    monkeypatch.setattr(watch, "_EVERY_S", 0.05)
    monkeypatch.setattr(watch, "_SHARE", 1.0)
    await check_seen(serve, root)


async def test_the_first_run_is_shown(serve: Serve, root: Path) -> None:
    told: list[object] = []

    @asynccontextmanager
    async def show(name: str) -> AsyncIterator[Report]:
        told.append(name)
        yield lambda done, total: told.append((done, total))
        told.append("over")

    repository = serve(show=show)
    repository.set_folders([str(root)])
    await ready(repository)
    assert told == ["project", (0, 2), (1, 2), (2, 2), "over"]


async def test_the_end_comes_at_any_moment(root: Path, tmp_path: Path) -> None:
    made(root, {f"m{number}.py": "def found(): pass\n" for number in range(300)})
    for moment in (0.0, 0.1, 0.3):
        repository = Repository(ContextSettings(), tmp_path / "cache", SystemClock(), watches=True)
        repository.set_folders([str(root)])
        repository.typed(str(root / "a.py"), PYTHON, lambda: "x = 1")
        await SystemClock().sleep(moment)
        async with asyncio.timeout(PATIENCE_S):
            await repository.close()
        assert repository.view(str(root / "a.py")) is None

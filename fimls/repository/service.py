"""The index as a server uses it: all workspace folders, what is typed, what changes on disk."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.repository.folder import FolderIndex
from fimls.repository.watch import Watch
from fimls.repository.workers import Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Coroutine, Iterable

    from fimls.clock import Clock
    from fimls.repository.facts import RepoView
    from fimls.settings import ContextSettings
    from fimls.text.language import Language

_log = logging.getLogger(__name__)

# What is typed is read when the fingers rest, not at each key.
_REST_S: Final = 0.3

# A switch of branches is many notifications; together with the reading they stay below 0.5 s.
_TOGETHER_S: Final = 0.1

Report = Callable[[int, int | None], None]
"""Told how many files are done, of how many."""

Show = Callable[[str], AbstractAsyncContextManager[Report]]
"""Shows that a folder (by its name) is read for the first time."""


@dataclass(slots=True)
class _Folder:
    """A folder; `names` are the paths by which it is called, ending with a slash."""

    index: FolderIndex
    names: set[str]
    watch: Watch | None = None
    beginning: asyncio.Task[None] | None = None

    def below(self, path: str) -> str:
        """A path relative to the folder, with slashes; "" where it is not in it."""
        plain = _plain(path)
        return next((plain[len(name) :] for name in self.names if plain.startswith(name)), "")


def _unheard() -> None:
    return None


@asynccontextmanager
async def _unseen(_name: str) -> AsyncIterator[Report]:
    yield lambda _done, _total: None


class Repository:
    """The indexes of all workspace folders; it never raises for what is wrong with a file.

    `cache` is the folder that they are kept in.  `watches` says that changes on disk are to be
    looked for, because nobody tells of them; `show` is used while a folder is read.  `on_view` is
    told that there is another view of a folder.
    """

    def __init__(
        self,
        settings: ContextSettings,
        cache: Path,
        clock: Clock,
        *,
        watches: bool = False,
        show: Show = _unseen,
        on_view: Callable[[], None] = _unheard,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._clock = clock
        self._watches = watches
        self._show = show
        self._on_view = on_view
        self._workers = Workers(clock)
        self._folders: dict[str, _Folder] = {}
        self._resting: dict[str, asyncio.Task[None]] = {}
        self._told: set[str] = set()
        self._telling: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def view(self, path: str) -> RepoView | None:
        """What is known of the innermost workspace folder that a file lies in; None for none."""
        folder = self._of(path)
        return None if folder is None else folder.index.view

    def relative(self, path: str) -> str:
        """A file's path in its folder, as the view has it; "" where it lies in none."""
        folder = self._of(path)
        return "" if folder is None else folder.below(path)

    @property
    def is_complete(self) -> bool:
        """Whether everything has been read once."""
        return all(folder.index.is_complete for folder in self._folders.values())

    def set_folders(self, paths: Iterable[str]) -> None:
        """Works on these folders from now on; those that are new are read."""
        wanted: dict[str, set[str]] = {}
        for path in paths if self._is_on() else ():
            root = os.path.realpath(path)
            if os.path.isdir(root):  # noqa: PTH112  Of what may not be asked it says no.
                wanted.setdefault(root, set()).update((f"{_plain(path)}/", f"{_plain(root)}/"))
        for root in [root for root in self._folders if root not in wanted]:
            self._spawn(_ended(self._folders.pop(root)))
        for root in sorted(wanted.keys() - self._folders.keys()):
            self._folders[root] = self._begun(root, wanted[root])

    def _begun(self, root: str, names: set[str]) -> _Folder:
        index = FolderIndex(root, self._settings, self._cache, self._workers, self._on_view)
        folder = _Folder(index, names)
        if self._watches:
            tell = partial(self._seen, folder)
            folder.watch = Watch(root, self._clock, tell, index.known)
        folder.beginning = self._spawn(self._begin(folder))
        return folder

    async def ready(self) -> None:
        """Waits until everything has been read once."""
        beginning = [each.beginning for each in self._folders.values() if each.beginning]
        if beginning:
            await asyncio.wait(beginning)

    def configure(self, settings: ContextSettings, folders: Iterable[str]) -> None:
        """Works with other settings."""
        old, self._settings = self._settings, settings
        self.set_folders(folders)
        if (old.max_files, old.exclude) == (settings.max_files, settings.exclude):
            return
        for folder in self._folders.values():
            self._spawn(folder.index.configure(settings))

    def typed(self, path: str, language: Language, text: Callable[[], str]) -> None:
        """A document is open, or has changed; it is read when there is a rest."""
        folder = self._of(path)
        self._stop_resting(path)
        if folder is not None:
            self._resting[path] = self._spawn(self._read(folder, path, language, text))

    def closed(self, path: str) -> None:
        """A document is not open any more."""
        folder = self._of(path)
        self._stop_resting(path)
        if folder is not None:
            self._spawn(folder.index.closed(folder.below(path)))

    def told(self, paths: Iterable[str]) -> None:
        """Files have changed on disk, says who watches them."""
        self._told.update(paths)
        if self._telling is None or self._telling.done():
            self._telling = self._spawn(self._tell())

    def pause(self) -> None:
        """Reads nothing for now: a model on this machine needs the processor."""
        self._workers.pause()

    def resume(self) -> None:
        """Goes on reading."""
        self._workers.resume()

    async def close(self) -> None:
        """Ends everything; no process is left."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await self._workers.close()
        if tasks:
            await asyncio.wait(tasks)
        folders, self._folders = list(self._folders.values()), {}
        await asyncio.gather(*(_ended(folder) for folder in folders))

    def _is_on(self) -> bool:
        return self._settings.repo_map and self._settings.max_files > 0

    def _of(self, path: str) -> _Folder | None:
        """The innermost folder that a file lies in."""
        inside = [folder for folder in self._folders.values() if folder.below(path)]
        return min(inside, key=lambda folder: len(folder.below(path)), default=None)

    async def _begin(self, folder: _Folder) -> None:
        async with self._show(Path(folder.index.root).name) as report:
            # Where it fails, the next look at everything may not.
            await _logged(folder.index.begin(report))
        if folder.watch is not None:
            folder.watch.follow(folder.index.folders)
        await folder.index.tidy()

    async def _seen(self, folder: _Folder, paths: Collection[str]) -> None:
        """What a watch of our own has seen, which goes on whatever comes of that."""
        await _logged(self._follow(folder, paths))

    async def _follow(self, folder: _Folder, paths: Collection[str]) -> None:
        while await folder.index.told(paths) and folder.watch is not None:
            if not folder.watch.follow(folder.index.folders):
                return
            # In a folder that has just come, files may have come before it was watched.
            paths = {""}

    async def _tell(self) -> None:
        while self._told:
            await self._clock.sleep(_TOGETHER_S)
            paths, self._told = self._told, set()
            for folder in list(self._folders.values()):
                inside = {folder.below(path) for path in paths} - {""}
                if inside:
                    await _logged(folder.index.told(inside))

    async def _read(
        self, folder: _Folder, path: str, language: Language, text: Callable[[], str]
    ) -> None:
        await self._clock.sleep(_REST_S)
        # From here on it is not cancelled by the next key, which would cost a worker.
        self._resting.pop(path, None)
        await folder.index.typed(folder.below(path), language, text())

    def _stop_resting(self, path: str) -> None:
        task = self._resting.pop(path, None)
        if task is not None:
            task.cancel()

    def _spawn(self, work: Coroutine[object, object, object]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # One that is cancelled before it has begun would be complained about.
        task.add_done_callback(lambda _task: work.close())
        return task


async def _logged(work: Coroutine[object, object, object]) -> None:
    """Whatever goes wrong in the index is no reason for anything else to."""
    try:
        await work
    except Exception:  # noqa: BLE001  It is told in the log, and completions go on.
        _log.exception("the index of the workspace")


async def _ended(folder: _Folder) -> None:
    if folder.beginning is not None:
        folder.beginning.cancel()
        await asyncio.wait([folder.beginning])
    if folder.watch is not None:
        await folder.watch.close()
    await folder.index.close()


def _plain(path: str) -> str:
    """A path with slashes, a drive's letter in lower case as in the editors' own."""
    plain = path.replace("\\", "/").rstrip("/")
    return plain[:1].lower() + plain[1:] if plain[1:2] == ":" else plain

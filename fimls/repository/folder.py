"""The index of one workspace folder: kept in step with the disk and with what is typed."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from typing import TYPE_CHECKING, Final

from fimls.repository.catalog import Catalog
from fimls.repository.ignore import IGNORE_FILES, Sieve
from fimls.repository.imported import Imported
from fimls.repository.restoring import with_names
from fimls.repository.scan import Scan, is_linked, is_wanted, scan, stamp_of
from fimls.repository.store import Row, Store, store_file
from fimls.repository.tags import is_read
from fimls.repository.view import Shelf, View
from fimls.repository.workers import Answer, Job, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from fimls.repository.content import Content
    from fimls.repository.postings import Postings
    from fimls.repository.worker import Stamp
    from fimls.settings import ContextSettings
    from fimls.text.language import Language

_log = logging.getLogger(__name__)

# Files that are written to the store at once: some 20 ms in a thread.
_TOGETHER: Final = 200

# Files that are known at once, by the postings of the store: some 1 ms.
_TURN_FILES: Final = 800

# Files that are read before it is looked whether another editor has read the next ones.
_SHARE: Final = 800


class FolderIndex:
    """The files of one folder, their names, and the view of them.

    Nothing here raises for what is wrong with a file or with the store.  `seen` are the files that
    are on disk with their stamps, the unfit among them.  `on_view` is told of each new view.
    """

    def __init__(
        self,
        folder: str,
        settings: ContextSettings,
        cache: Path,
        workers: Workers,
        on_view: Callable[[], None] = lambda: None,
    ) -> None:
        self.root = os.path.realpath(folder)
        self.seen: dict[str, Stamp] = {}
        self.folders: Collection[str] = {}
        self.is_complete = False
        self._folder = folder
        self._settings = settings
        self._file = store_file(cache, self.root)
        self._workers = workers
        self._on_view = on_view
        self._store: Store | None = None
        self._kept: Postings | None = None
        self._shelf: Shelf | None = None
        self._catalog = Catalog()
        self._open: dict[str, tuple[str, str]] = {}
        self._sieve = Sieve(self.root, settings.exclude)
        self._imported = self._no_imports()
        self._view: View | None = None
        self._version = 0
        self._is_over = False
        self._changing = asyncio.Lock()
        # What is typed does not wait until the disk has been read.
        self._typing = asyncio.Lock()
        self._is_opened = asyncio.Event()
        self._rows: list[Row] = []

    @property
    def view(self) -> View | None:
        """The folder as it is known now; None until anything is."""
        return self._view

    def known(self) -> Mapping[str, Stamp]:
        """The files that are on disk, as they were when they were last looked at."""
        return self.seen

    async def begin(self, report: Callable[[int, int | None], None]) -> None:
        """Reads what the store does not have; `report` is told how many files of how many."""
        async with self._changing:
            store, kept = await asyncio.to_thread(self._opened)
            self._kept, self._catalog, self._shelf = kept, Catalog(kept), Shelf(store)
            self._is_opened.set()
            found = await self._scanned()
            # What is known of files stays: to look at that of 10,000 for garbage takes 30 ms.
            gc.freeze()
            await self._load(store, found.files)
            self._publish()
            await self._read_missing(store, found.files, report)
            self._publish()
            gc.freeze()
            self.is_complete = True

    async def tidy(self) -> None:
        """Clears the store, and has it put in order for the next start, where that is due."""
        store, kept, self._kept = self._store, self._kept, None
        if store is None or kept is None or not store.is_kept:
            return
        await asyncio.to_thread(store.prune)
        if await asyncio.to_thread(lambda: kept.is_outdated(store.files())):
            await self._workers.invert(store.file)

    async def told(self, paths: Collection[str]) -> bool:
        """Some files have changed; whether everything was looked at, for what may be a folder."""
        async with self._changing:
            if self._store is None:
                return False
            if self._store.is_damaged:
                await self._rebuild(self._store)
                return False
            if any(self._concerns_all(path) for path in paths):
                await self._reconcile()
                return True
            await self._look_at({path for path in paths if self._may_be_known(path)})
        return False

    async def typed(self, path: str, language: Language, text: str) -> None:
        """A document is open, and has this text; it is read before anything on disk."""
        await self._is_opened.wait()
        async with self._typing:
            is_known = is_read(language) and self._sieve.admits(path)
            if self._store is None or not is_known or is_linked(self.root, path):
                return
            self._open[path] = (language.id, text)
            await self._read([Job.text(path, language.id, text)])
            self._publish()
        facts = None if self._view is None else self._view.facts(path)
        modules = {} if facts is None else await self._imported.read(facts)
        for name, content in modules.items():
            if name not in self._catalog.numbers:
                # What it gives counts, not what it uses: like code is looked for in the project.
                self._catalog.put(name, content.digest, content.defined, "", content)
        if modules:
            self._publish()

    async def closed(self, path: str) -> None:
        """A document is not open any more: the file counts again."""
        async with self._typing:
            if self._open.pop(path, None) is None:
                return
        async with self._changing:
            if self._store is None or path in self._open:
                return
            self.seen.pop(path, None)
            if self._may_be_known(path):
                await self._look_at({path}, is_new=True)
            if path not in self.seen:
                self._catalog.drop(path)
                self._publish()

    async def configure(self, settings: ContextSettings) -> None:
        """Other settings: what they leave out is forgotten, what they let in is read."""
        async with self._changing:
            self._settings = settings
            if self._store is not None:
                await self._reconcile()

    async def close(self) -> None:
        """Closes the store; the view gives nothing more."""
        self._is_over = True
        self._is_opened.set()
        store, self._store, self._view = self._store, None, None
        if store is not None:
            await asyncio.to_thread(store.close)

    def _opened(self) -> tuple[Store, Postings]:
        """Opens the store; in a thread, which goes on where nobody waits for it any more."""
        self._store = store = Store(self._file)
        if self._is_over:
            store.close()
        return store, store.postings()

    def _no_imports(self) -> Imported:
        return Imported(self.root, self._workers, self._admits)

    def _admits(self, path: str) -> bool:
        # There is another sieve whenever a file of rules has changed.
        return self._sieve.admits(path)

    def _concerns_all(self, path: str) -> bool:
        """Whether a change there may be one of many files."""
        above, _, name = path.rpartition("/")
        if name in IGNORE_FILES or not path or path in self.folders:
            return True
        if not self._sieve.enters(above):
            # What a build writes, by the thousand.
            return False
        # One that has come and is not for tools alone; it may be called like a file.
        return os.path.isdir(f"{self.root}/{path}") and self._sieve.enters(path)  # noqa: PTH112

    def _may_be_known(self, path: str) -> bool:
        return path in self.seen or (is_wanted(path) and self._sieve.admits(path))

    async def _reconcile(self) -> None:
        """Looks at the whole folder again."""
        self._sieve = Sieve(self.root, self._settings.exclude)
        found = await self._scanned()
        for path in [path for path in self._open if not self._sieve.admits(path)]:
            del self._open[path]
            self._catalog.drop(path)
        await self._forget([path for path in self.seen if path not in found.files])
        changed = [path for path, stamp in found.files.items() if self.seen.get(path) != stamp]
        await self._read(self._jobs(changed))
        self._publish()

    async def _look_at(self, paths: Iterable[str], *, is_new: bool = False) -> None:
        """Looks at single files again."""
        stamps = {path: stamp_of(self.root, path) for path in paths}
        changed = [path for path in stamps if is_new or self.seen.get(path) != stamps[path]]
        if not changed:
            # What is no file of ours comes and goes all the time, and is no reason for a new view.
            return
        await self._forget([path for path in changed if stamps[path] is None])
        changed = [path for path in changed if stamps[path] is not None]
        room = self._settings.max_files - len(self.seen)
        known = [path for path in changed if path in self.seen]
        fresh = [path for path in changed if path not in self.seen][: max(0, room)]
        await self._read(self._jobs([*known, *fresh]))
        self._publish()

    async def _rebuild(self, store: Store) -> None:
        """The store is damaged: everything is read again into a new one."""
        _log.warning("the index of %s was damaged and is made anew", self._folder)
        await asyncio.to_thread(store.rebuild)
        self._shelf, self._catalog = Shelf(store), Catalog()
        self._imported = self._no_imports()
        self.seen.clear()
        found = await self._scanned()
        await self._read(self._jobs(found.files))
        await self._read([Job.text(path, *each) for path, each in self._open.items()])
        self._publish()

    async def _scanned(self) -> Scan:
        most = self._settings.max_files
        found = await asyncio.to_thread(scan, self.root, self._sieve, most, lambda: self._is_over)
        if not found.is_whole:
            _log.warning("%s has more files than `context.maxFiles` (%d)", self._folder, most)
        self.folders = dict.fromkeys(found.folders)
        return found

    async def _load(self, store: Store, files: Mapping[str, Stamp]) -> None:
        """Takes from the store what is on disk as it was."""
        rows = await asyncio.to_thread(store.files)
        await self._take_over(store, rows, files)
        gone = [row.path for row in rows if row.path not in files]
        if gone:
            await asyncio.to_thread(store.forget, gone)

    async def _read_missing(
        self,
        store: Store,
        files: Mapping[str, Stamp],
        report: Callable[[int, int | None], None],
    ) -> None:
        """Reads what the store does not have, or takes it from there as soon as it does.

        Another editor may be reading the same folder: so each begins elsewhere, and they meet.
        """
        missing = [path for path in files if path not in self.seen]
        begin = os.getpid() * _SHARE % max(1, len(missing))
        order = [*missing[begin:], *missing[:begin]]
        report(0, len(order))
        for at in range(0, len(order), _SHARE):
            share = order[at : at + _SHARE]
            rows = await asyncio.to_thread(store.known, share)
            await self._take_over(store, rows, files)
            left = [path for path in share if path not in self.seen]
            start = at + len(share) - len(left)
            await self._read(
                self._jobs(left),
                lambda done, _part, start=start: report(start + done, len(order)),  # type: ignore[misc]
            )
            # Each time there is twice as much, it is shown.
            if (at // _SHARE).bit_count() <= 1:
                self._publish()

    async def _take_over(
        self, store: Store, rows: Iterable[Row], files: Mapping[str, Stamp]
    ) -> None:
        """Takes from the store the files that are still as they were when they were read."""
        same = [row for row in rows if files.get(row.path) == row.stamp]
        left: list[Row] = []
        for at in range(0, len(same), _TURN_FILES):
            left += [row for row in same[at : at + _TURN_FILES] if not self._needs_no_names(row)]
            await self._workers.give_way()
        async for row, digest, names in with_names(store, left, self._workers.give_way):
            self.seen[row.path] = row.stamp
            if row.path not in self._open:
                self._catalog.put(row.path, digest, *names)

    def _needs_no_names(self, row: Row) -> bool:
        """Whether a file is known by now: the postings have it, or it is not fit to be indexed."""
        is_open = row.path in self._open
        if row.digest is not None and (is_open or not self._catalog.wake(row.path, row.digest)):
            return False
        self.seen[row.path] = row.stamp
        return True

    def _jobs(self, paths: Iterable[str]) -> list[Job]:
        return [Job.file(self.root, path, self._digest(path)) for path in paths]

    def _digest(self, path: str) -> bytes | None:
        """The digest of what is known of a file itself, not of the document in its place."""
        number = self._catalog.numbers.get(path)
        if number is None or number in self._catalog.unsaved:
            return None
        digest = self._catalog.digests[number]
        # Another editor that has known the file otherwise may have dropped its content.
        return digest if self._store is not None and self._store.has(digest) else None

    async def _read(
        self,
        jobs: Sequence[Job],
        report: Callable[[int, int | None], None] = lambda _done, _total: None,
    ) -> None:
        done = 0

        async def take(job: Job, answer: Answer) -> None:
            nonlocal done
            done += 1
            self._take(job, answer)
            report(done, len(jobs))
            if len(self._rows) >= _TOGETHER:
                await self._write()

        if not jobs:
            return
        await self._workers.read(jobs, take)
        await self._write()

    def _take(self, job: Job, answer: Answer) -> None:
        path = job.path
        content = answer.content
        if job.is_text:
            # It may have been closed, or be ignored by now.
            if path in self._open:
                self._known_as(path, content, content)
            return
        if answer.stamp.size < 0:
            # It has vanished, or cannot be read: the next look may find it again.
            self.seen.pop(path, None)
        else:
            self.seen[path] = answer.stamp
        if answer.is_same:
            self._rows.append(Row(path, answer.stamp, job.digest))
            return
        digest = None if content is None else content.digest
        self._rows.append(Row(path, answer.stamp, digest, content))
        if path in self._open:
            # What is typed counts; the file is looked at when the document is closed.
            return
        self._known_as(path, content)

    def _known_as(self, path: str, content: Content | None, unsaved: Content | None = None) -> None:
        """Takes what a file or a document holds by now, if it is fit to be indexed."""
        if content is None:
            self._catalog.drop(path)
        else:
            self._catalog.put(path, content.digest, content.defined, content.used, unsaved)

    async def _write(self) -> None:
        """Writes what has been read; what cannot be written is kept in memory."""
        rows, self._rows = self._rows, []
        if self._store is None or not rows or await asyncio.to_thread(self._store.put, rows):
            return
        for row in rows:
            if row.content is not None:
                self._catalog.keep(row.path, row.content)

    async def _forget(self, paths: Collection[str]) -> None:
        for path in paths:
            self.seen.pop(path, None)
            if path not in self._open:
                self._catalog.drop(path)
        if paths and self._store is not None:
            await asyncio.to_thread(self._store.forget, list(paths))

    def _publish(self) -> None:
        if self._shelf is None:
            return
        if self._catalog.is_worn:
            self._catalog = self._catalog.compacted()
        self._version += 1
        self._view = View(self.root, self._version, self._catalog, self._shelf)
        self._on_view()

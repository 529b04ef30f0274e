"""An index whose files are read in this process: what a test of many starts has time for."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fimls.clock import SystemClock
from fimls.repository import worker
from fimls.repository.folder import FolderIndex
from fimls.repository.frames import LENGTH, body_of, fields_of
from fimls.repository.workers import Answer, Job, Workers, _answer
from fimls.settings import ContextSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from pathlib import Path

    from fimls.repository.view import View


class HereWorkers(Workers):
    """They answer what a worker answers, and `asked` is what they were asked to read."""

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self.asked: list[str] = []

    async def read(
        self, jobs: Sequence[Job], take: Callable[[Job, Answer], Awaitable[None]]
    ) -> None:
        """Reads everything, here and now."""
        for job in jobs:
            self.asked.append(job.path)
            row = worker.answers([body_of(job.fields)])[LENGTH.size :]
            await take(job, _answer(fields_of(row)[0]))


async def begun(
    root: Path, cache: Path, workers: Workers, settings: ContextSettings | None = None
) -> FolderIndex:
    """An index that has begun; the store is not tidied."""
    index = FolderIndex(str(root), settings or ContextSettings(), cache, workers)
    await index.begin(lambda _done, _total: None)
    return index


@asynccontextmanager
async def started(root: Path, cache: Path) -> AsyncIterator[FolderIndex]:
    """A server's index, with all that it does at its start; closed afterwards."""
    index = await begun(root, cache, HereWorkers())
    try:
        await index.tidy()
        yield index
    finally:
        await index.close()


def told_by(view: View, more: frozenset[str] = frozenset()) -> dict[str, object]:
    """All that a view says, of its own names and some `more`."""
    facts = {path: view.facts(path) for path in view.files()}
    known = set(more)
    for each in facts.values():
        if each is not None:
            known |= {one.name for one in each.definitions} | {*each.references}
    return {
        "facts": facts,
        "chunks": {path: view.chunks(path) for path in view.files()},
        "defining": {name: view.defining(name) for name in known},
        "defining_count": {name: view.defining_count(name) for name in known},
        "referring": {name: list(view.referring(name)) for name in known},
        "referring_count": {name: len(view.referring(name)) for name in known},
    }

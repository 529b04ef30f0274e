"""Folders on disk and an index of them, for tests."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fimls.clock import SystemClock
from fimls.repository.folder import FolderIndex
from fimls.repository.workers import Workers
from fimls.settings import ContextSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from fimls.repository.view import View

# Nothing takes as long even where eight others want the processor.
PATIENCE_S = 60.0


@asynccontextmanager
async def indexed(
    root: Path, cache: Path, settings: ContextSettings | None = None
) -> AsyncIterator[FolderIndex]:
    """The index of a folder, begun; nothing is left of it afterwards."""
    workers = Workers(SystemClock())
    index = FolderIndex(str(root), settings or ContextSettings(), cache, workers)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await index.begin(lambda _done, _total: None)
        yield index
    finally:
        await index.close()
        await workers.close()


def seen(index: FolderIndex) -> View:
    """The view, which is there."""
    assert index.view is not None
    return index.view


def names(view: View) -> dict[str, list[str]]:
    """What each file defines."""
    facts = {path: view.facts(path) for path in view.files()}
    return {
        path: [each.name for each in known.definitions] for path, known in facts.items() if known
    }


async def until(holds: Callable[[], bool]) -> None:
    """Waits until something holds; fails where it does not in a long time."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await SystemClock().sleep(0.01)

"""`$/progress`: work that takes its time, where the client shows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

from fimls.lsp.agreeing import agrees
from fimls.models.status import State

if TYPE_CHECKING:
    from concurrent.futures import Future

    from fimls.lsp.language_server import FimlsServer
    from fimls.models.status import Status

Report = Callable[[int, int | None], None]
"""Told how much of how much is done, in any unit; the whole may be unknown."""

# A model that is in memory already is loaded in less; progress that only flashes up is a nuisance.
_SHOW_AFTER_S = 0.5


class Loading:
    """Shows that a model is being loaded, for as long as its status says so."""

    def __init__(self, ls: FimlsServer) -> None:
        self._ls = ls
        self._done: asyncio.Event | None = None

    def follow(self, status: Status) -> None:
        """Begins and ends with the status; looking for a model is too short to be shown."""
        loading = status.state is State.STARTING and bool(status.model)
        if loading and self._done is None:
            self._done = asyncio.Event()
            self._ls.spawn(_show_until(self._ls, f"Loading {status.model}", self._done))
        if not loading and self._done is not None:
            self._done.set()
            self._done = None


@asynccontextmanager
async def shown(ls: FimlsServer, title: str, *, measured: bool) -> AsyncIterator[Report]:
    """Shows work from here to the end of the block.

    Where it is `measured`, its share is reported, and the user may cancel it.
    """
    token = await _token(ls)
    if token is None:
        yield lambda _done, _total: None
        return
    progress, worker = ls.work_done_progress, asyncio.current_task()

    share = 0 if measured else None

    def report(done: int, total: int | None) -> None:
        nonlocal share
        reached = done * 100 // total if total else 0
        # The whole may turn out larger on the way, and clients do not let a share go back.
        if share is not None and reached > share:
            share = reached
            progress.report(token, types.WorkDoneProgressReport(percentage=share))

    begin = types.WorkDoneProgressBegin(title=title, cancellable=measured, percentage=share)
    progress.begin(token, begin)
    progress.tokens[token].add_done_callback(_cancelling(worker))
    try:
        yield report
    finally:
        progress.end(token, types.WorkDoneProgressEnd())
        progress.tokens.pop(token, None)


@asynccontextmanager
async def told(
    ls: FimlsServer, title: str, given: types.ProgressToken | None
) -> AsyncIterator[Callable[[str], None]]:
    """Shows work that says in words where it stands, and that the user may cancel.

    `given` is the token of a client that waits for it; it has then agreed to be told.
    """
    token = given if given is not None else await _token(ls)
    if token is None:
        yield lambda _words: None
        return
    progress, worker = ls.work_done_progress, asyncio.current_task()
    words_said = ""

    def say(words: str) -> None:
        nonlocal words_said
        if words != words_said:
            words_said = words
            progress.report(token, types.WorkDoneProgressReport(message=words))

    progress.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True))
    progress.tokens[token].add_done_callback(_cancelling(worker))
    try:
        yield say
    finally:
        progress.end(token, types.WorkDoneProgressEnd())
        progress.tokens.pop(token, None)


def _cancelling(worker: asyncio.Task[object] | None) -> Callable[[Future[object]], None]:
    """Ends a task when the user cancels its progress."""

    def stop(cancelled: Future[object]) -> None:
        if cancelled.cancelled() and worker is not None:
            worker.cancel()

    return stop


async def _token(ls: FimlsServer) -> str | None:
    """A token that the client has agreed to; None where it shows no progress."""
    if ls.client is None or not ls.client.shows_progress:
        return None
    token = f"fimls-{uuid4()}"
    creating = ls.work_done_progress.create_async(token)
    return token if await agrees(ls.clock, creating, "show progress") else None


async def _show_until(ls: FimlsServer, title: str, done: asyncio.Event) -> None:
    await ls.clock.sleep(_SHOW_AFTER_S)
    if done.is_set():
        return
    async with shown(ls, title, measured=False):
        await done.wait()

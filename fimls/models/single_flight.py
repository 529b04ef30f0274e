"""Work that is begun once and joined by whoever else wants it, as Go's `singleflight` has it.

Looks and loads take seconds, and whoever waits for one may be cancelled by the next key.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from fimls.errors import ModelError, StreamBroken

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class SingleFlight(Generic[Result]):
    """A task of its own, of which there is one at a time; cancelling who waits leaves it alone.

    `what` says what it does, for the log and for who waits in vain.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._task: asyncio.Task[Result] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has begun and not ended."""
        return self._task is not None and not self._task.done()

    @property
    def task(self) -> asyncio.Task[Result] | None:
        """What was begun last; None before that, and after it was given up."""
        return self._task

    def begin(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> asyncio.Task[Result]:
        """Begins the work, unless some is under way; returns whichever that is."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(work())
            self._task.add_done_callback(self._look_at_error)
        return self._task

    async def join(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """As `begin`, and waits for what it comes to.

        Raises what the work raises, and `StreamBroken` where it is given up.
        """
        task = self.begin(work)
        await asyncio.wait([task])
        if task.cancelled():
            raise StreamBroken(f"{self._what} was given up")
        return task.result()

    def ended(self) -> Coroutine[Any, Any, None]:
        """Waits until what is under way has ended, in whatever way."""
        return _end_of(self._task)

    def give_up(self) -> Coroutine[Any, Any, None]:
        """Cancels what is under way, at once; to be awaited until that has ended."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        return _end_of(task)

    def _look_at_error(self, task: asyncio.Task[Result]) -> None:
        """Takes note of an error, which asyncio would print if all who waited were cancelled."""
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, ModelError):
            _log.error("%s failed", self._what, exc_info=error)


async def _end_of(task: asyncio.Task[Any] | None) -> None:
    if task is not None and not task.done():
        await asyncio.wait([task])

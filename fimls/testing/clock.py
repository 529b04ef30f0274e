"""A clock that tests hold in their hand, and the real one for doubles that run by themselves."""

from __future__ import annotations

import asyncio
import heapq
import time
from itertools import count
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable

T = TypeVar("T")

# A turn of the event loop that found nothing to do is followed by a few more, because bytes on a
# loopback connection are seen one turn after they were written.
_QUIET_TURNS: Final = 4

# On an event loop that does not show its queue, this many turns are taken: the longest chain of
# callbacks seen in fimls' own tests is under 30.
_BLIND_TURNS: Final = 200

# Tasks that still run after this many turns spin, and waiting for them would hang the test.
_MOST_TURNS: Final = 20_000


class Clock(Protocol):
    """A monotonic clock and a way to wait on it; the same as `fimls.clock.Clock`."""

    def now(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Returns after that many seconds; at once (but not before others ran) for 0."""
        ...


class RealClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits on the event loop."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """A clock that stands still until a test moves it, so that no test ever waits.

    It begins at `start` seconds.  It belongs to one event loop and is not for threads.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._arrival = asyncio.Event()

    def now(self) -> float:
        """The seconds that it shows."""
        return self._now

    @property
    def sleepers(self) -> int:
        """How many tasks wait for it."""
        return sum(not future.done() for _due, _order, future in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Returns when a test has moved the clock that far; at once for 0 and less."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), future))
        self._arrival.set()
        await future

    async def advance(self, seconds: float) -> None:
        """Moves on, waking sleepers in the order of their times; the tasks run in between.

        Sleeps that begin on the way count: a task that sleeps a second at a time wakes ten times
        in `advance(10)`.
        """
        target = self._now + seconds
        await self.settle()
        while (due := self._next_due()) is not None and due <= target:
            self._wake_first()
            await self.settle()
        self._now = target
        await self.settle()

    async def settle(self) -> None:
        """Lets all tasks run until each of them waits for something.

        What waits for another thread or process is not waited for.  Raises `AssertionError` when
        a task goes on for ever.
        """
        ready = getattr(asyncio.get_running_loop(), "_ready", None)
        if ready is None:
            for _turn in range(_BLIND_TURNS):
                await asyncio.sleep(0)
            return
        quiet = 0
        for _turn in range(_MOST_TURNS):
            await asyncio.sleep(0)
            quiet = 0 if ready else quiet + 1
            if quiet >= _QUIET_TURNS:
                return
        raise AssertionError(f"tasks still run after {_MOST_TURNS} turns of the event loop")

    async def drive(self, work: Awaitable[T]) -> T:
        """The result of some work, with the clock jumping ahead whenever all tasks wait for it.

        For work that sleeps an unknown number of times.  Where nothing sleeps, it waits for real
        (for bytes on a socket, for instance).
        """
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await self.settle()
                if task.done():
                    break
                if self._next_due() is not None:
                    self._wake_first()
                else:
                    await self._either_done_or_asleep(task)
        finally:
            task.cancel()
        return task.result()

    def _next_due(self) -> float | None:
        """When the first sleeper wakes; those that were cancelled are forgotten."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def _wake_first(self) -> None:
        due, _order, future = heapq.heappop(self._sleepers)
        self._now = max(self._now, due)
        future.set_result(None)

    async def _either_done_or_asleep(self, task: asyncio.Future[T]) -> None:
        self._arrival.clear()
        task.add_done_callback(self._ring)
        await self._arrival.wait()
        task.remove_done_callback(self._ring)

    def _ring(self, _task: asyncio.Future[T]) -> None:
        self._arrival.set()

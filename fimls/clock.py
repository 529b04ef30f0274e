"""The clock, passed in wherever time matters, so that tests can hold it."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any, Final, Protocol


class Clock(Protocol):
    """A monotonic clock and a way to wait on it."""

    def now(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Returns after that many seconds; at once (but not before others ran) for 0."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits on the event loop."""
        await asyncio.sleep(seconds)


async def within(clock: Clock, limit_s: float, work: asyncio.Future[Any]) -> None:
    """Waits for some work, but not longer than that; it goes on in any case."""
    limit = asyncio.ensure_future(clock.sleep(limit_s))
    try:
        await asyncio.wait([work, limit], return_when=asyncio.FIRST_COMPLETED)
    finally:
        limit.cancel()


def busy_s() -> float:
    """Seconds that the calling thread has worked since some fixed moment.

    So what others do meanwhile is no reason to give up.  On Windows, which counts that in steps of
    16 ms, they are seconds of a clock.
    """
    return _BUSY_CLOCK()


_BUSY_CLOCK: Final = time.perf_counter if sys.platform == "win32" else time.thread_time

"""A clock for a fake server that is to stop in the middle of a download."""

from __future__ import annotations

import asyncio


class Standing:
    """A clock that never moves on: who sleeps by it sleeps until it is cancelled.

    `reached` is set when somebody sleeps, `left` when that has been cancelled.
    """

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.left = asyncio.Event()

    def now(self) -> float:
        """Seconds since some moment."""
        return 0.0

    async def sleep(self, _seconds: float) -> None:
        """Waits for ever."""
        self.reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()

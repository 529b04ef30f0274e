"""A load that nobody's impatience ends: closing the connection during one aborts it.

Then the next request begins it from zero, and a model that takes longer to load than its user takes
to press a key is never there (`ollama.md` §0.6).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fimls.errors import StreamBroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine


class Warming:
    """The load of a model, at most one at a time."""

    def __init__(self, load: Callable[[], Coroutine[object, object, None]]) -> None:
        self._load = load
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a load is under way."""
        return self._task is not None and not self._task.done()

    async def wait(self) -> None:
        """Begins a load, or joins the one under way, and waits for its end.

        Raises what the load raised.  Cancelling the caller leaves the load alone.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._load())
            self._task.add_done_callback(_look_at_error)
        task = self._task
        await asyncio.wait([task])
        if task.cancelled():
            raise StreamBroken("loading the model was cancelled")
        task.result()

    async def close_after(self, close: Callable[[], Awaitable[None]]) -> None:
        """Closes what a load uses: now, or in a task of its own when the load has ended."""
        if self._task is None or self._task.done():
            await close()
            return
        closing = asyncio.ensure_future(_close_after(self._task, close))
        _CLOSING.add(closing)
        closing.add_done_callback(_CLOSING.discard)


# Tasks that outlive their model: the loop itself holds tasks only weakly.
_CLOSING: Final[set[asyncio.Task[None]]] = set()


async def _close_after(load: asyncio.Task[None], close: Callable[[], Awaitable[None]]) -> None:
    try:
        await asyncio.wait([load])
    finally:
        await close()


def _look_at_error(task: asyncio.Task[None]) -> None:
    """Takes note of an error, which asyncio would print if all who waited were cancelled."""
    if not task.cancelled():
        task.exception()

"""A load that nobody's impatience ends: closing the connection during one aborts it.

Then the next request begins it from zero, and a model that takes longer to load than its user takes
to press a key is never there (`ollama.md` §0.6).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelError, ModelFailed
from fimls.models.single_flight import SingleFlight

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from fimls.models.protocol import Model

_log = logging.getLogger(__name__)


async def warmed(model: Model) -> ModelError | None:
    """Loads a model; returns why that does not work, whatever a backend raises."""
    try:
        await model.warm_up()
    except ModelError as error:
        return error
    except Exception as error:  # noqa: BLE001  A session goes on without it.
        _log.exception("loading a model failed")
        return ModelFailed(f"{type(error).__name__}: {error}")
    return None


class Warming:
    """The load of a model, at most one at a time."""

    def __init__(self, load: Callable[[], Coroutine[object, object, None]]) -> None:
        self._load = load
        self._flight: SingleFlight[None] = SingleFlight("loading the model")

    @property
    def is_running(self) -> bool:
        """Whether a load is under way."""
        return self._flight.is_under_way

    async def wait(self) -> None:
        """Begins a load, or joins the one under way, and waits for its end.

        Raises what the load raised.  Cancelling the caller leaves the load alone.
        """
        await self._flight.join(self._load)

    async def close_after(self, close: Callable[[], Awaitable[None]]) -> None:
        """Closes what a load uses: now, or in a task of its own when the load has ended."""
        if not self._flight.is_under_way:
            await close()
            return
        closing = asyncio.ensure_future(_close_after(self._flight, close))
        _CLOSING.add(closing)
        closing.add_done_callback(_CLOSING.discard)


# Tasks that outlive their model: the loop itself holds tasks only weakly.
_CLOSING: Final[set[asyncio.Task[None]]] = set()


async def _close_after(load: SingleFlight[None], close: Callable[[], Awaitable[None]]) -> None:
    try:
        await load.ended()
    finally:
        await close()

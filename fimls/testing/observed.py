"""What a fake server has seen, for tests to look at and to wait for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from fimls.testing.runner import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fimls.testing.http_server import Exchange, HttpRequest
    from fimls.testing.runner import Served

R = TypeVar("R")

# What a test waits for happens within milliseconds; a machine under load may take a while.
_PATIENCE_S: Final = 10.0


@dataclass
class Observed(Generic[R]):
    """All that was asked, what became of it, and how much of it was under way at once."""

    calls: list[HttpRequest] = field(default_factory=list)
    """Every HTTP request, with its headers."""
    served: list[Served[R]] = field(default_factory=list)
    """Every request to the model, in the order in which they came."""
    most_at_once: int = 0
    """The most generations that were asked for and not left by their clients."""
    _open: set[Exchange] = field(default_factory=set)
    _rings: list[asyncio.Event] = field(default_factory=list)

    @property
    def cancelled(self) -> int:
        """Requests whose client left before the answer was whole."""
        return sum(each.outcome is Outcome.CANCELLED for each in self.served)

    async def follow(
        self,
        served: Served[R],
        exchange: Exchange,
        serving: Awaitable[Outcome],
        *,
        generates: bool,
    ) -> None:
        """Notes a request that comes, and what becomes of it; else its client has left."""
        self._begin(served, exchange, generates=generates)
        outcome = Outcome.CANCELLED
        try:
            outcome = await serving
        finally:
            served.outcome = outcome
            self._open.discard(exchange)
            self.ring()

    def _begin(self, served: Served[R], exchange: Exchange, *, generates: bool) -> None:
        self.served.append(served)
        if generates:
            self._open.add(exchange)
            # A client that has left does not count, even where the model works on for it.
            here = sum(not each.is_gone for each in self._open)
            self.most_at_once = max(self.most_at_once, here)
        self.ring()

    def ring(self) -> None:
        """Something has happened: whoever waits for it looks again."""
        for event in self._rings:
            event.set()

    async def until(self, is_so: Callable[[], bool], within_s: float = _PATIENCE_S) -> None:
        """Waits, without polling, until something is so that has to do with requests.

        Raises `TimeoutError` after that many real seconds.
        """
        event = asyncio.Event()
        self._rings.append(event)
        try:
            async with asyncio.timeout(within_s):
                while not is_so():
                    event.clear()
                    await event.wait()
        finally:
            self._rings.remove(event)

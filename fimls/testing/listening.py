"""What all fake servers of models have in common: they listen while entered, and are watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from fimls.testing.faults import Failures, Fault
    from fimls.testing.http_server import HttpServer
    from fimls.testing.observed import Observed

R = TypeVar("R")


class Listening(Generic[R]):
    """A fake server that listens while it is entered; whoever inherits from it makes its parts."""

    seen: Observed[R]
    _server: HttpServer
    _failures: Failures

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._server.__aexit__(kind, error, traceback)

    @property
    def url(self) -> str:
        """Where it listens; no path belongs to it."""
        return self._server.url

    @property
    def requests(self) -> list[R]:
        """All requests to generate or to chat, those for a mere load among them."""
        return [served.request for served in self.seen.served]

    @property
    def cancelled(self) -> int:
        """Requests whose client left before the answer was whole."""
        return self.seen.cancelled

    def fail_next(self, fault: Fault, *, after: int | None = None) -> None:
        """Makes the next request fail; a fault in the stream, after that many events (2)."""
        self._failures.add(fault, after)

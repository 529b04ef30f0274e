"""A client that is opened for the first question, and never again once it has been closed.

Nothing is sent, and no library of 0.1 to 0.2 s is loaded, before somebody asks.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from fimls.errors import StreamBroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fimls.models.hosts import Host

Client = TypeVar("Client")


class LateClient(Generic[Client]):
    """The one client for a host, made by `open_` and ended by `close`."""

    def __init__(
        self,
        host: Host,
        open_: Callable[[], Awaitable[Client]],
        close: Callable[[Client], Awaitable[None]],
    ) -> None:
        self._host = host
        self._open = open_
        self._close = close
        self._turn = asyncio.Lock()
        self._client: Client | None = None
        self._is_closed = False

    async def opened(self) -> Client:
        """The client; raises `StreamBroken` when it has been closed."""
        async with self._turn:
            if self._is_closed:
                raise StreamBroken(f"the connection to {self._host.url} has been closed")
            if self._client is None:
                self._client = await self._open()
            return self._client

    async def close(self) -> None:
        """Ends the client, also one that is just being opened."""
        self._is_closed = True
        async with self._turn:
            client, self._client = self._client, None
        if client is not None:
            await self._close(client)

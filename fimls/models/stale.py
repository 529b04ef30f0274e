"""Recognises a kept connection that the server has closed just when it was to be used again.

Such a request has not been answered, and probably not been read; asked at once on a connection of
its own it works.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.errors import StreamBroken
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import httpx


@asynccontextmanager
async def posted(
    client: httpx.AsyncClient, url: str, body: Mapping[str, object]
) -> AsyncIterator[httpx.Response]:
    """The response to a JSON body, its own body not read yet; leaving closes the connection.

    Raises `StreamBroken` with the condition of that name where a kept connection was closed
    before a word came; other errors are the library's.
    """
    import httpx

    way = _Way()
    extensions = {"trace": way.note}
    try:
        async with client.stream("POST", url, json=body, extensions=extensions) as response:
            yield response
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
        if way.is_new or way.is_answered:
            raise
        message = "the server has closed a connection that it had kept open"
        raise StreamBroken(message, condition=Condition.STALE_CONNECTION) from error


@dataclass(slots=True)
class _Way:
    """What became of a request, by the events that httpcore tells (its extension `trace`)."""

    is_new: bool = False
    is_answered: bool = False

    async def note(self, event: str, _details: Mapping[str, object]) -> None:
        if event.startswith("connection.connect"):
            self.is_new = True
        elif event.endswith("receive_response_headers.complete"):
            self.is_answered = True

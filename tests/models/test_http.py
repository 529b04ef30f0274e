"""Connections: none is lost, whenever whoever reads an answer is cancelled."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from fimls.models import http
from fimls.models.hosts import resolve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx


# A whole answer in one write, as a server in another process sends a short one.
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n5\r\nlast\n\r\n0\r\n\r\n"
)

# More than there may be connections, so that even one that is lost each time shows.
_CANCELS = 6

# All of it takes milliseconds; what waits longer waits for a connection that never comes.
_PATIENCE_S = 5.0


@asynccontextmanager
async def _client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of ours, and a server that answers it all at once."""
    serving: set[asyncio.Task[object] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_ANSWER)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host = resolve(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    client = await http.open_client(host, {})
    try:
        yield client
    finally:
        await client.aclose()
        server.close()
        await asyncio.gather(*filter(None, serving))


async def _read(client: httpx.AsyncClient, began: asyncio.Event) -> str:
    async with client.stream("GET", "/") as response:
        text = ""
        async for chunk in response.aiter_text():
            began.set()
            text += chunk
        return text


async def check_cancelled_after(turns: int, client: httpx.AsyncClient) -> None:
    """Cancels a reader that many turns of the event loop after the first bytes have come."""
    began = asyncio.Event()
    reading = asyncio.ensure_future(_read(client, began))
    await began.wait()
    for _ in range(turns):
        await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait([reading])


@pytest.mark.parametrize(
    "turns",
    [
        # The end is there already: the cancel meets the closing of the response.
        0,
        # In the midst of the closing, or after it.
        1,
        2,
        3,
    ],
)
async def test_a_cancelled_reader_leaves_its_connection_to_others(turns: int) -> None:
    async with _client() as client, asyncio.timeout(_PATIENCE_S):
        for _ in range(_CANCELS):
            await check_cancelled_after(turns, client)
        assert await _read(client, asyncio.Event()) == "first\nlast\n"

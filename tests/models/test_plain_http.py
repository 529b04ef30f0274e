"""Plain HTTP: connections are kept, closed and made ready; whatever a server does is an error."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fimls.models import dialling
from fimls.models.plain_http import PlainTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 3\r\n\r\nyes"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n"

# All of it takes milliseconds; what waits longer waits for what never comes.
PATIENCE_S = 5.0


class Server:
    """Says the same to each request, and closes the connection then if it `ends`."""

    def __init__(self, says: bytes, *, ends: bool = False) -> None:
        self.says = says
        self.ends = ends
        self.asked: list[bytes] = []
        self.opened = 0
        self.open: set[asyncio.StreamWriter] = set()
        self.changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[object] | None] = set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self.opened += 1
        self.open.add(writer)
        await self._tell()
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                await self._tell()
                writer.write(self.says)
                if self.ends:
                    break
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self.open.discard(writer)
        await self._tell()

    async def until(self, opened: int, left: int) -> None:
        """Waits until so many connections have been opened, and so many of them are left."""
        async with self.changed, asyncio.timeout(PATIENCE_S):
            await self.changed.wait_for(lambda: (self.opened, len(self.open)) == (opened, left))

    async def end(self) -> None:
        await asyncio.gather(*filter(None, self._tasks))

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


@asynccontextmanager
async def serving(server: Server, kept_s: float = 60.0) -> AsyncIterator[httpx.AsyncClient]:
    listener = await asyncio.start_server(server, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            httpx.AsyncClient(base_url=url, transport=PlainTransport(kept_s)) as client,
        ):
            yield client
    finally:
        listener.close()
        await server.end()


async def first_of(client: httpx.AsyncClient) -> bytes:
    """The first part of an answer, whose rest nobody wants."""
    async with client.stream("POST", "/", json={"a": 1}) as response:
        async for part in response.aiter_raw():
            return part
    return b""


@pytest.mark.parametrize(
    ("says", "body", "connections"),
    [
        # Those that say where the answer ends are kept for the next request.
        (WHOLE, b"yes", 1),
        (CHUNKED + b"0\r\n\r\n", b"yes", 1),
        (OK + b"Content-Length: 0\r\n\r\n", b"", 1),
        # What comes before the answer is none.
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + WHOLE, b"yes", 1),
        # The server wants it closed.
        (OK + b"Connection: close\r\nContent-Length: 3\r\n\r\nyes", b"yes", 2),
        # More has come than was asked for: who knows what it belongs to.
        (WHOLE + b"HTTP/1.1 500 ", b"yes", 2),
    ],
)
async def test_answers(says: bytes, body: bytes, connections: int) -> None:
    server = Server(says)
    async with serving(server) as client:
        for _ in range(2):
            response = await client.get("/")
            assert (response.status_code, response.content) == (200, body)
        assert server.opened == connections


async def test_an_answer_to_the_end_of_its_connection() -> None:
    async with serving(Server(OK + b"\r\nyes", ends=True)) as client:
        assert (await client.get("/")).content == b"yes"
        assert (await client.get("/")).content == b"yes"


async def test_a_request() -> None:
    server = Server(WHOLE)
    async with serving(server) as client:
        await client.post("/api?a=%20", json={"a": 1}, headers={"X-Own": "1"})
    head = server.asked[0].decode().lower()
    assert head.startswith("post /api?a=%20 http/1.1\r\n")
    assert "\r\nx-own: 1\r\n" in head
    assert "\r\ncontent-length: 7\r\n" in head


async def test_who_cuts_an_answer_finds_the_next_connection_open() -> None:
    server = Server(CHUNKED)
    async with serving(server) as client:
        for number in range(1, 4):
            assert await first_of(client) == b"yes"
            # The one is closed, and the next one is there before anybody asks.
            await server.until(opened=number + 1, left=1)
            assert len(server.asked) == number


async def test_what_was_kept_for_long_is_not_used() -> None:
    server = Server(WHOLE)
    async with serving(server, kept_s=-1.0) as client:
        await client.get("/")
        await client.get("/")
        await server.until(opened=2, left=1)


async def test_a_server_that_closes_what_was_kept() -> None:
    server = Server(WHOLE)
    async with serving(server) as client:
        await client.get("/")
        for writer in server.open:
            writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
        # Nothing that the event loop has seen yet tells that.
        await client.get("/")
        assert server.opened == 2


async def test_a_server_that_talks_where_nobody_has_asked() -> None:
    server = Server(WHOLE)
    async with serving(server) as client:
        await client.get("/")
        for writer in server.open:
            writer.write(b"and another thing")
        # It is not listened to until the next request comes, which may be long.
        await server.until(opened=1, left=0)
        assert (await client.get("/")).content == b"yes"


@pytest.mark.parametrize(
    ("says", "error"),
    [
        (b"", httpx.RemoteProtocolError),
        (b"hello\r\n\r\n", httpx.RemoteProtocolError),
        (OK, httpx.RemoteProtocolError),
        # It breaks off within the answer.
        (OK + b"Content-Length: 9\r\n\r\nyes", httpx.RemoteProtocolError),
        (CHUNKED, httpx.RemoteProtocolError),
        (CHUNKED + b"oops\r\n", httpx.RemoteProtocolError),
    ],
)
async def test_a_broken_answer(says: bytes, error: type[Exception]) -> None:
    server = Server(says, ends=True)
    async with serving(server) as client:
        with pytest.raises(error):
            await client.get("/")
        await server.until(opened=1, left=0)


@pytest.mark.parametrize(
    ("url", "headers", "error"),
    [
        ("http://127.0.0.1:1/", {}, httpx.ConnectError),
        # No name of a machine.
        (f"http://{'a' * 64}.invalid/", {}, httpx.ConnectError),
        ("/", {"X-Own": "a\r\nb"}, httpx.LocalProtocolError),
    ],
)
async def test_what_cannot_be_asked(
    url: str, headers: Mapping[str, str], error: type[Exception]
) -> None:
    async with serving(Server(WHOLE)) as client:
        with pytest.raises(error):
            await client.get(url, headers=headers)


async def test_a_server_that_takes_no_connection_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(*_arguments: object) -> None:
        await asyncio.Event().wait()

    async with serving(Server(WHOLE)) as client:
        monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", hangs)
        with pytest.raises(httpx.ConnectTimeout):
            await client.get("/", timeout=httpx.Timeout(None, connect=0.0))


async def test_a_name_whose_first_address_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    connect = loop.sock_connect

    async def resolved(_host: str, port: int, **_what: object) -> list[tuple[object, ...]]:
        # As `localhost` may be `::1` first; not every machine has that.
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    async def dead(sock: socket.socket, address: tuple[str, int]) -> None:
        if address[0] == "127.0.0.2":
            await asyncio.Event().wait()
        await connect(sock, address)

    monkeypatch.setattr(dialling, "NEXT_AFTER_S", 0.0)
    async with serving(Server(WHOLE)) as client:
        monkeypatch.setattr(loop, "getaddrinfo", resolved)
        monkeypatch.setattr(loop, "sock_connect", dead)
        url = f"http://localhost:{client.base_url.port}/"
        assert (await client.get(url)).content == b"yes"


async def test_who_gives_up_before_the_answer_leaves_nothing_open() -> None:
    server = Server(b"")
    async with serving(server) as client:
        asking = asyncio.ensure_future(client.get("/"))
        await server.until(opened=1, left=1)
        asking.cancel()
        await asyncio.wait([asking])
        await server.until(opened=1, left=0)


async def test_closing_closes_all() -> None:
    server = Server(CHUNKED)
    async with serving(server) as client:
        await first_of(client)
        await server.until(opened=2, left=1)
        async with client.stream("GET", "/"):
            # One with an answer under way, and one for the next request.
            await first_of(client)
            await server.until(opened=4, left=2)
            await client.aclose()
            await server.until(opened=4, left=0)


async def test_closing_ends_what_is_being_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(WHOLE)
    async with serving(server) as client:
        loop = asyncio.get_running_loop()
        connect, may_connect = loop.create_connection, asyncio.Event()

        async def connects_late(*arguments: Any) -> object:
            await may_connect.wait()
            return await connect(*arguments)

        monkeypatch.setattr(loop, "create_connection", connects_late)
        asking = asyncio.ensure_future(client.get("/"))
        await asyncio.sleep(0)
        await client.aclose()
        may_connect.set()
        with pytest.raises(httpx.ConnectError):
            await asking
        await server.until(opened=1, left=0)


async def test_what_a_trace_is_told() -> None:
    events: list[str] = []

    async def note(event: str, _details: Mapping[str, object]) -> None:
        events.append(event)

    async with serving(Server(WHOLE)) as client:
        for _ in range(2):
            await client.get("/", extensions={"trace": note})
    connect, head = "connection.connect_tcp.started", "http11.receive_response_headers.complete"
    assert events == [connect, head, head]

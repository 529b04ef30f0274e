"""A small HTTP/1.1 server over asyncio, for doubles: it shows what a real server would notice.

A handler that is still at work when its client leaves is cancelled, as `net/http` cancels a
request's context.  Only what the doubles need is here: bodies with a length, keep-alive, replies
of known length or in chunks, and the ways in which a reply can break off.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from fimls.testing.chunking import by_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from fimls.testing.chunking import Chunking

JSON_TYPE: Final = "application/json; charset=utf-8"
TEXT_TYPE: Final = "text/plain"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a client sent; the names of headers are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


Handler = Callable[[HttpRequest, "Exchange"], Awaitable[None]]


class Exchange:
    """The reply to one request, as it is being written."""

    def __init__(
        self, transport: asyncio.Transport, chunking: Chunking, *, has_body: bool = True
    ) -> None:
        self.is_gone = False
        self.has_started = False
        self._has_body = has_body
        self._transport = transport
        self._chunking = chunking
        self._waiting = b""

    def send(
        self,
        status: int,
        body: bytes | str = b"",
        content_type: str = TEXT_TYPE,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A whole reply."""
        content = body.encode() if isinstance(body, str) else body
        self._head(status, content_type, {"Content-Length": str(len(content)), **(headers or {})})
        if self._has_body:
            self._transport.write(content)

    def send_json(
        self, status: int, body: object, headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole reply that is a JSON value."""
        self.send(status, compact(body), JSON_TYPE, headers)

    def start(self, content_type: str) -> None:
        """Begins a reply of unknown length."""
        self._head(HTTPStatus.OK, content_type, {"Transfer-Encoding": "chunked"})

    async def write(self, content: bytes) -> None:
        """Sends a part of a reply of unknown length, torn as the chunking says."""
        await self._flush(content, is_last=False)

    async def finish(self) -> None:
        """Ends a reply of unknown length as it should end."""
        await self._flush(b"", is_last=True)
        self._transport.write(b"0\r\n\r\n")

    async def break_off(self) -> None:
        """Closes the connection in the middle of a reply."""
        await self._flush(b"", is_last=True)
        self._transport.close()

    def reset(self) -> None:
        """Resets the connection, as when the server's process dies."""
        raw = self._transport.get_extra_info("socket")
        # Lingering for no time makes the system send RST where it would send FIN.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    async def _flush(self, content: bytes, *, is_last: bool) -> None:
        parts, self._waiting = self._chunking(self._waiting + content, is_last)
        for part in filter(None, parts):
            self._transport.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            # A turn of the event loop, so that a client in this process reads part by part.
            await asyncio.sleep(0)

    def _head(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        self.has_started = True
        lines = [f"HTTP/1.1 {status} {_phrase(status)}", f"Content-Type: {content_type}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._transport.write("\r\n".join([*lines, "", ""]).encode())


@dataclass
class HttpServer:
    """Listens on 127.0.0.1 (port 0: one that the system picks) while it is entered."""

    handler: Handler
    port: int = 0
    chunking: Chunking = by_lines
    errors: list[BaseException] = field(default_factory=list, init=False)
    """What handlers raised: mistakes of a double, or of a test's own answer."""
    _connections: set[_Connection] = field(default_factory=set, init=False)
    _server: asyncio.Server | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Closes the door and all connections, whatever is under way.

        Raises what a handler raised, unless something is being raised already.
        """
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            await connection.close()
        if self.errors and error is None:
            raise self.errors[0]

    def add(self, connection: _Connection) -> None:
        """Notes a connection that was made."""
        self._connections.add(connection)

    def discard(self, connection: _Connection) -> None:
        """Forgets a connection that is over."""
        self._connections.discard(connection)


class _Connection(asyncio.Protocol):
    """One client: reads its requests one after the other, and notices when it leaves."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._reader = asyncio.StreamReader()
        self._handling: asyncio.Task[None] | None = None
        self._exchange: Exchange | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a connection needs a transport for streams")
        self._transport = transport
        self._server.add(self)
        self._serving = asyncio.ensure_future(self._serve())

    def data_received(self, data: bytes) -> None:
        self._reader.feed_data(data)

    def eof_received(self) -> None:
        self._leave()

    def connection_lost(self, error: Exception | None) -> None:
        del error
        self._leave()
        self._server.discard(self)

    async def close(self) -> None:
        """Ends it; a handler that lingers on purpose is told again and again."""
        self._transport.abort()
        tasks = [task for task in (self._serving, self._handling) if task is not None]
        while not all(task.done() for task in tasks):
            for task in tasks:
                task.cancel()
            await asyncio.sleep(0)

    def _leave(self) -> None:
        """Cancels the handler, once: one that lingers is not told again."""
        self._reader.feed_eof()
        if self._exchange is None or self._exchange.is_gone:
            return
        self._exchange.is_gone = True
        if self._handling is not None:
            self._handling.cancel()

    async def _serve(self) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            while not self._transport.is_closing():
                await self._answer(await _read(self._reader))
        self._transport.close()

    async def _answer(self, request: HttpRequest) -> None:
        self._exchange = Exchange(
            self._transport, self._server.chunking, has_body=request.method != "HEAD"
        )
        self._handling = asyncio.ensure_future(self._server.handler(request, self._exchange))
        await asyncio.wait([self._handling])
        if self._handling.cancelled():
            self._transport.abort()
        elif (error := self._handling.exception()) is not None:
            self._server.errors.append(error)
            self._transport.abort()
        elif request.headers.get("connection", "").lower() == "close":
            self._transport.close()
        self._handling = self._exchange = None


async def _read(reader: asyncio.StreamReader) -> HttpRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.split("\r\n")
    method, target, _version = first.split(" ", 2)
    pairs = (line.partition(":") for line in rest if line)
    headers = {name.strip().lower(): value.strip() for name, _colon, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return HttpRequest(method, urlsplit(target).path, headers, body)


def says(text: str) -> Handler:
    """A handler that answers with a text."""

    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send(HTTPStatus.OK, text)

    return handle


def tells(value: Callable[[], object]) -> Handler:
    """A handler that answers with a JSON value, made anew each time."""

    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send_json(HTTPStatus.OK, value())

    return handle


def compact(value: object) -> bytes:
    """JSON without blanks and with plain UTF-8, as Go and C++ write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        # Ollama uses 499, which is no official status.
        return "status code " + str(status)

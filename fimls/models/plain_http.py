"""Plain HTTP for httpx straight over the event loop, as a model on this machine is asked.

What httpx brings along for it (httpcore over anyio) costs 0.8 ms of a processor for each request
and 0.03 ms for each token that comes; this costs half of that.  Messages are taken apart by h11, as
they are there.  With TLS, httpx's own transport is used.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from selectors import EVENT_READ, DefaultSelector
from socket import SOCK_STREAM
from typing import TYPE_CHECKING, Final

import h11
import httpx

from fimls.models.dialling import first_connected
from fimls.models.single_flight import SingleFlight

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_PORT: Final = 80

# The states of both ends of a connection before and after an exchange.
_AT_REST: Final = frozenset({h11.IDLE, h11.DONE})

_DISCONNECTED: Final = "the server closed the connection without a response"


class PlainTransport(httpx.AsyncBaseTransport):
    """Connections of HTTP/1.1 without TLS; one that is not in use is kept for `kept_s` seconds.

    Where an answer is cut short, as most are, its connection is closed, and another one opened at
    once, so that the next request need not wait for that.

    Of a request's time limits that for connecting is kept, and of the events of httpcore's
    extension `trace` those that tell whether the connection is a new one, and that the head of the
    response is there.
    """

    def __init__(self, kept_s: float) -> None:
        self._kept_s = kept_s
        self._kept: _Connection | None = None
        self._kept_until_s = 0.0
        self._open: set[_Connection] = set()
        self._opening: SingleFlight[None] = SingleFlight("connecting for the next request")
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The head of the response; its body is read from there.

        Raises httpx's errors, as its own transport does.
        """
        connection = await self._take_kept() or await self._connected(request)
        try:
            with _errors_of_httpx():
                connection.send(request, b"".join([part async for part in _body_of(request)]))
                head = await connection.head()
            await _tell(request, "http11.receive_response_headers.complete")
        except BaseException:
            await self._close(connection)
            raise
        return httpx.Response(
            head.status_code,
            headers=list(head.headers.raw_items()),
            stream=_Body(self, connection, request),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": bytes(head.reason)},
        )

    async def aclose(self) -> None:
        """Closes all connections."""
        self._is_closed = True
        await self._opening.give_up()
        self._kept = None
        for connection in list(self._open):
            await self._close(connection)

    async def done_with(self, connection: _Connection, request: httpx.Request) -> None:
        """Keeps a connection whose exchange is over, or else closes it."""
        if connection.is_unused:
            await self._keep(connection)
            return
        was_cut = connection.is_cut_short
        await self._close(connection)
        if was_cut and self._kept is None:
            self._opening.begin(partial(self._open_next, request))

    async def _keep(self, connection: _Connection) -> None:
        if self._kept is not None or connection not in self._open:
            await self._close(connection)
            return
        self._kept = connection
        self._kept_until_s = asyncio.get_running_loop().time() + self._kept_s

    async def _take_kept(self) -> _Connection | None:
        connection, self._kept = self._kept, None
        if connection is None:
            return None
        is_late = asyncio.get_running_loop().time() > self._kept_until_s
        if is_late or not connection.is_unused:
            await self._close(connection)
            return None
        return connection

    async def _open_next(self, request: httpx.Request) -> None:
        # Whether the server is still there is for the next request to say.
        with suppress(httpx.TransportError):
            await self._keep(await self._opened(request))

    async def _connected(self, request: httpx.Request) -> _Connection:
        await _tell(request, "connection.connect_tcp.started")
        return await self._opened(request)

    async def _opened(self, request: httpx.Request) -> _Connection:
        host, port = request.url.host, request.url.port or _PORT
        limit_s = request.extensions.get("timeout", {}).get("connect")
        loop = asyncio.get_running_loop()

        async def connect(address: str) -> _Connection:
            _, connection = await loop.create_connection(_Connection, address, port)
            return connection

        try:
            async with asyncio.timeout(limit_s):
                addresses = await _addresses(host, port)
                connection = await first_connected(addresses, connect, _Connection.abort)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"{host}:{port} did not answer in time") from error
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(str(error)) from error
        if self._is_closed:
            # Nobody would ever close it.
            await connection.close()
            raise httpx.ConnectError("the transport was closed meanwhile")
        self._open.add(connection)
        return connection

    async def _close(self, connection: _Connection) -> None:
        self._open.discard(connection)
        await connection.close()


class _Body(httpx.AsyncByteStream):
    """The body of a response: closed before its end, it takes the connection with it."""

    def __init__(
        self, transport: PlainTransport, connection: _Connection, request: httpx.Request
    ) -> None:
        self._transport = transport
        self._connection = connection
        self._request = request
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            while data := await self._connection.data():
                yield data

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            await self._transport.done_with(self._connection, self._request)


class _Connection(asyncio.Protocol):
    """One connection, and how far the exchange on it has come."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._parser = h11.Connection(h11.CLIENT)
        self._bell = asyncio.Event()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._error: Exception | None = None

    # What the event loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a connection needs a transport for streams")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._is_at_rest:
            # It belongs to no answer, and nobody would read it before the next request comes.
            self.abort()
            return
        self._parser.receive_data(data)
        self._bell.set()

    def eof_received(self) -> None:
        self._parser.receive_data(b"")
        self._bell.set()

    def connection_lost(self, error: Exception | None) -> None:
        self._error = error
        if error is None:
            self._parser.receive_data(b"")
        self._bell.set()
        if not self._closed.done():
            self._closed.set_result(None)

    # What the transport asks for.

    @property
    def is_cut_short(self) -> bool:
        """Whether there is more to come of an answer."""
        is_lost = self._closed.done() or self._parser.trailing_data[1]
        return self._parser.their_state is h11.SEND_BODY and not is_lost

    @property
    def is_unused(self) -> bool:
        """Whether no exchange is under way, and nothing has been said since the last one.

        What the event loop has not come round to yet counts: the server may just have gone.
        """
        is_over = self._closed.done() or self._parser.trailing_data != (b"", False)
        if is_over or not self._is_at_rest:
            return False
        with DefaultSelector() as selector:
            selector.register(self._transport.get_extra_info("socket"), EVENT_READ)
            return not selector.select(0)

    @property
    def _is_at_rest(self) -> bool:
        return {self._parser.our_state, self._parser.their_state} <= _AT_REST

    def send(self, request: httpx.Request, body: bytes) -> None:
        """Sends a whole request."""
        if self._parser.our_state is h11.DONE:
            self._parser.start_next_cycle()
        method, target = request.method.encode("ascii"), request.url.raw_path
        head = h11.Request(method=method, target=target, headers=request.headers.raw)
        events = (head, h11.Data(data=body), h11.EndOfMessage())
        self._transport.write(b"".join(self._parser.send(event) or b"" for event in events))

    async def head(self) -> h11.Response:
        """The head of the response."""
        while isinstance(event := await self._event(), h11.InformationalResponse):
            pass
        if not isinstance(event, h11.Response):
            raise httpx.RemoteProtocolError(_DISCONNECTED)
        return event

    async def data(self) -> bytes:
        """The next part of the response's body; b"" at its end."""
        event = await self._event()
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    def abort(self) -> None:
        """Begins to close the connection, whatever is under way."""
        self._transport.abort()

    async def close(self) -> None:
        """Closes the connection, and returns when that is done."""
        self.abort()
        await asyncio.shield(self._closed)

    async def _event(self) -> object:
        while (event := self._parser.next_event()) is h11.NEED_DATA:
            if self._error is not None:
                raise httpx.ReadError(str(self._error)) from self._error
            self._bell.clear()
            await self._bell.wait()
        return event


async def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a name in the order of the system, which is that of RFC 6724."""
    with suppress(ValueError):
        # One that is written as an address needs no thread to be looked up in.
        return [str(ip_address(host))]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def _body_of(request: httpx.Request) -> AsyncIterator[bytes]:
    stream = request.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError("a request needs a body that is read asynchronously")
    return stream.__aiter__()


async def _tell(request: httpx.Request, event: str) -> None:
    trace = request.extensions.get("trace")
    if trace is not None:
        await trace(event, {})


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    try:
        yield
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from error

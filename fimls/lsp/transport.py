"""The connection to one client: stdin and stdout kept for the protocol alone, or TCP."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import sys
import threading
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from fimls.errors import InputError
from fimls.lsp.framing import next_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import BinaryIO

    from pygls.io_ import AsyncWriter, Writer

    from fimls.lsp.language_server import FimlsServer

_log = logging.getLogger(__name__)

_CHUNK_BYTES = 65_536  # What a pipe holds on Linux: no read gives more at once.


async def serve_stdio(server: FimlsServer) -> None:
    """Serves the client at stdin and stdout until one of the sides ends it."""
    given, taken = _claim_stdio()
    async with _reading(given, taken) as reader:
        await converse(server, reader, _PipeWriter(taken))


async def serve_tcp(server: FimlsServer, host: str, port: int) -> None:
    """Listens, and serves the first client that connects until one of the sides ends it.

    Raises InputError for an address that is not this machine's to listen at.
    """
    first: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    first = asyncio.get_running_loop().create_future()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if first.done():
            writer.close()
        else:
            first.set_result((reader, writer))

    try:
        listener = await asyncio.start_server(connected, host, port)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "that is no name of a host"
        raise InputError(f"{host}:{port} cannot be listened at: {why}") from None
    address = listener.sockets[0].getsockname()
    _log.info("listening on %s:%s", *address[:2])
    reader, writer = await first
    # One client is one session: its documents, settings and model are nobody else's.
    listener.close()
    await converse(server, reader, writer)
    writer.close()


async def converse(
    server: FimlsServer, reader: asyncio.StreamReader, writer: AsyncWriter | Writer
) -> None:
    """Reads and handles messages until `exit` or the end of the input, then closes everything."""
    server.protocol.set_writer(writer)
    try:
        while not server.stopped.is_set() and (body := await next_body(reader)) is not None:
            server.protocol.handle_body(body)
    except (asyncio.IncompleteReadError, OSError):
        _log.info("the client has gone in the middle of a message")
    except ValueError:
        _log.warning("the client sends something that is no message")
    finally:
        server.protocol.set_writer(_NoWriter())
        await server.close()


def _claim_stdio() -> tuple[int, BinaryIO]:
    """Takes stdin and stdout away from everybody else: what is printed by accident goes to stderr.

    The copies are not inherited by child processes, so that none can hold the connection open.
    """
    given, taken = os.dup(0), os.fdopen(os.dup(1), "wb")
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # There is no stderr.
        os.dup2(nothing, 1)
    os.close(nothing)
    return given, taken


@asynccontextmanager
async def _reading(given: int, taken: BinaryIO) -> AsyncIterator[asyncio.StreamReader]:
    """What the client sends, read by the event loop where that can be, else by a thread.

    To hand a key over from a thread takes 0.4 ms.
    """
    reader, loop = asyncio.StreamReader(), asyncio.get_running_loop()
    if not _can_be_watched(given, taken):
        # It may be given up at any time: a blocking read cannot be interrupted.
        threading.Thread(target=_feed, args=(given, reader, loop), daemon=True).start()
        yield reader
        return
    transport, _protocol = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(given, "rb", buffering=0)
    )
    try:
        yield reader
    finally:
        transport.close()


def _can_be_watched(given: int, taken: BinaryIO) -> bool:
    """Whether an event loop may read it: it makes it non-blocking, and what is the same with it.

    Some clients give one socket as stdin and stdout, and a terminal is one; files cannot be
    watched, nor anything on Windows.
    """
    if sys.platform == "win32":
        return False
    mode = os.fstat(given).st_mode
    is_pipe = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    return is_pipe and not os.path.sameopenfile(given, taken.fileno())


def _feed(given: int, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    # The loop may be closed already: then nobody reads any more.
    with suppress(RuntimeError):
        while data := _read(given):
            loop.call_soon_threadsafe(reader.feed_data, data)
        loop.call_soon_threadsafe(reader.feed_eof)


def _read(given: int) -> bytes:
    """What the client has sent; nothing at the end, however it came.

    A client that is killed with something unread resets its socket, and a terminal that has gone
    is an error too.
    """
    try:
        return os.read(given, _CHUNK_BYTES)
    except OSError:
        return b""


class _PipeWriter:
    """Writes to a client that may have gone: the end of its input is what tells us so."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, data: bytes) -> None:
        try:
            self._out.write(data)
            self._out.flush()
        except OSError:
            _log.info("the client reads no more")

    def close(self) -> None:
        self._out.close()


class _NoWriter:
    """What is said after the conversation has ended, such as answers to cancelled requests."""

    def write(self, data: bytes) -> None:
        """Says nothing."""

    def close(self) -> None:
        """Closes nothing."""

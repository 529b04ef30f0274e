"""The connection: how it ends, and what comes over it that is no message."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
from typing import TYPE_CHECKING

import pytest

from fimls.errors import InputError
from fimls.lsp.transport import converse, serve_tcp
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.lsp.language_server import FimlsServer
    from tests.lsp.conftest import Connect
    from tests.lsp.fakes import Workshop


@pytest.fixture
async def wire(connect: Connect) -> AsyncIterator[tuple[FimlsServer, Streams]]:
    """A server at one end of a connection, and the streams of the other end."""
    server = connect().server
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    served = asyncio.ensure_future(converse(server, reader, writer))
    client = await asyncio.open_connection(sock=theirs)
    yield server, (*client, served)
    served.cancel()
    for each in (writer, client[1]):
        each.close()
        await each.wait_closed()


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter, "asyncio.Future[None]"]
Wire = tuple["FimlsServer", Streams]


async def test_a_whole_conversation(wire: Wire, workshop: Workshop) -> None:
    server, (reader, writer, served) = wire
    client = LspClient(reader, writer)
    await client.initialize("file:///project")
    client.open("file:///project/a.py", "python", "x = ")
    assert await client.inline_completion("file:///project/a.py", 4) == []
    await client.shutdown()
    await served

    assert workshop.session.is_closed
    assert server.exit_status == 0


@pytest.mark.parametrize(
    "last_words",
    [
        # Between two messages, in the middle of a header, and of a message.
        b"",
        b"Content-Len",
        b"Content-Length: 100\r\n\r\n{",
        # A header without end is no header.
        b"x" * 100_000,
    ],
)
async def test_the_end_of_the_input_ends_everything(
    wire: Wire, workshop: Workshop, last_words: bytes
) -> None:
    server, (reader, writer, served) = wire
    client = LspClient(reader, writer)
    await client.initialize("file:///project")
    await server.engine.ready()
    writer.write(last_words)
    await client.close()
    await served

    assert workshop.completer.is_closed
    assert workshop.session.is_closed
    assert server.exit_status == 1


async def check_goes_on(wire: Wire, sent: bytes) -> None:
    """Whatever a client has sent, its next request is answered."""
    _server, (reader, writer, _served) = wire
    client = LspClient(reader, writer)
    await client.initialize("file:///project")
    writer.write(sent)

    with pytest.raises(Exception, match="Method Not Found"):
        await client.request("fimls/nothing")
    await client.close()


@pytest.mark.parametrize(
    "body",
    [
        # Nothing, no JSON, no object, no UTF-8, no end of brackets.
        b"",
        b"no",
        b"[]",
        b"[" * 100_000,
        b'"text"',
        b"\xff\xfe",
        # An object that is no message.
        b'{"id": 1}',
    ],
)
async def test_what_is_no_message_is_passed_over(wire: Wire, body: bytes) -> None:
    await check_goes_on(wire, b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


@pytest.mark.parametrize(
    "header",
    [
        # Names are the same in any case, and blanks are free, as in HTTP.
        b"content-length: %d\r\n\r\n",
        b"CONTENT-LENGTH:%d\r\n\r\n",
        b"Content-Length:  %d \r\n\r\n",
        # Other headers, before and after.
        b"Content-Type: application/vscode-jsonrpc\r\nContent-Length: %d\r\nX: 1\r\n\r\n",
        # Scripts that end lines as files have them.
        b"Content-Length: %d\n\n",
        # The first one counts.
        b"Content-Length: %d\r\nContent-Length: 1\r\n\r\n",
        # What is no header is passed over.
        b"\r\n#!\r\nContent-Length: -1\r\n\r\nContent-Length: %d\r\n\r\n",
    ],
)
async def test_headers(wire: Wire, header: bytes) -> None:
    server, _streams = wire
    item = {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": "é"}
    params = {"textDocument": item}
    body = json.dumps({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params})
    await check_goes_on(wire, header % len(body) + body.encode())

    assert server.documents.all() == ["file:///a.py"]


async def test_questions_under_way_end_with_the_connection(wire: Wire, workshop: Workshop) -> None:
    server, (reader, writer, served) = wire
    workshop.gate.clear()
    client = LspClient(reader, writer)
    await client.initialize("file:///project")
    client.open("file:///project/a.py", "python", "x = ")
    pending = client.ask("file:///project/a.py", 4)
    await server.engine.ready()
    await client.close()
    await served

    with pytest.raises(ConnectionError):
        await pending


class Listening(logging.Handler):
    """Hears from the log at which port the server listens."""

    def __init__(self) -> None:
        super().__init__()
        self.port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def emit(self, record: logging.LogRecord) -> None:
        if "listening on" in record.msg and not self.port.done():
            self.port.set_result(int(record.getMessage().rpartition(":")[2]))


async def test_tcp_serves_one_client(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    log, listening = logging.getLogger("fimls"), Listening()
    caplog.set_level("INFO", logger="fimls")
    log.addHandler(listening)
    serving = asyncio.ensure_future(serve_tcp(connect().server, "127.0.0.1", 0))
    port = await listening.port
    log.removeHandler(listening)
    client = LspClient(*await asyncio.open_connection("127.0.0.1", port))
    await client.initialize("file:///project")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    await client.shutdown()
    await serving


@pytest.mark.parametrize(
    "host",
    [
        # Nobody has it (RFC 5737).
        "192.0.2.1",
        # No name of a host at all.
        "a..b",
    ],
)
async def test_an_address_that_is_not_ours(connect: Connect, host: str) -> None:
    with pytest.raises(InputError, match=f"{re.escape(host)}:0 cannot be listened at: [a-zA-Z]"):
        await serve_tcp(connect().server, host, 0)

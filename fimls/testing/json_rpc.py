"""JSON-RPC 2.0 with the headers of the language server protocol, over a pair of streams."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

Message = dict[str, Any]

REQUEST_CANCELLED: Final = -32800
METHOD_NOT_FOUND: Final = -32601


class RequestError(Exception):
    """A request was answered with an error; `code` as in the protocol."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
        self.data = data


@dataclass(slots=True)
class Pending:
    """A request that was sent: await it for its result."""

    ident: int
    method: str
    future: asyncio.Future[Any]

    def __await__(self) -> Generator[Any, Any, Any]:
        return self.future.__await__()


@dataclass
class JsonRpc:
    """One end of a connection.

    `on_request` gives the result of a request of the other end (a `RequestError` is its error),
    and `on_notification` hears of notifications; both are given the method and the parameters.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    on_request: Callable[[str, Any], Any]
    on_notification: Callable[[str, Any], None]
    strays: list[Message] = field(default_factory=list, init=False)
    """Answers to what was not asked, or had been answered before."""
    _pending: dict[int, Pending] = field(default_factory=dict, init=False)
    _idents: Iterator[int] = field(default_factory=lambda: count(1), init=False)
    _listening: asyncio.Task[None] | None = field(default=None, init=False)
    _broken: ConnectionError | None = field(default=None, init=False)

    def start(self) -> None:
        """Begins to listen."""
        self._listening = asyncio.ensure_future(self._listen())
        self._listening.add_done_callback(self._end)

    async def close(self) -> None:
        """Closes the writing side and stops listening."""
        self.writer.close()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])

    def send(self, method: str, params: object) -> Pending:
        """Sends a request; its answer is awaited by the caller."""
        ident = next(self._idents)
        pending = Pending(ident, method, asyncio.get_running_loop().create_future())
        # An error that nobody awaits is no fault of the client's.
        pending.future.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._broken is not None:
            pending.future.set_exception(self._broken)
            return pending
        self._pending[ident] = pending
        self._write({"id": ident, "method": method, "params": params})
        return pending

    def notify(self, method: str, params: object) -> None:
        """Sends a notification."""
        self._write({"method": method, "params": params})

    def _write(self, message: Message) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        self.writer.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)

    async def _listen(self) -> None:
        while (message := await _read(self.reader)) is not None:
            self._take(message)

    def _end(self, listening: asyncio.Task[None]) -> None:
        """Fails whatever is still waiting for an answer, and all that is asked from now on."""
        reason = None if listening.cancelled() else listening.exception()
        self._broken = ConnectionError(f"the connection is over: {reason or 'it was closed'}")
        self._broken.__cause__ = reason
        for pending in self._pending.values():
            if not pending.future.done():
                pending.future.set_exception(self._broken)

    def _take(self, message: Message) -> None:
        if "method" not in message:
            self._settle(message)
        elif "id" in message:
            self._reply(message)
        else:
            self.on_notification(message["method"], message.get("params"))

    def _settle(self, message: Message) -> None:
        pending = self._pending.pop(message.get("id", 0), None)
        if pending is None:
            self.strays.append(message)
            return
        if pending.future.done():
            return
        if "error" in message:
            error = message["error"]
            failed = RequestError(error["code"], error["message"], error.get("data"))
            pending.future.set_exception(failed)
            return
        pending.future.set_result(message.get("result"))

    def _reply(self, message: Message) -> None:
        try:
            result = self.on_request(message["method"], message.get("params"))
        except RequestError as failed:
            error = {"code": failed.code, "message": failed.message}
            self._write({"id": message["id"], "error": error})
            return
        self._write({"id": message["id"], "result": result})


async def _read(reader: asyncio.StreamReader) -> Message | None:
    """The next message; None at the end.

    Raises `ValueError` for anything that is no message: nothing else may be on the stream.
    """
    length = None
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, colon, value = line.decode("ascii", "replace").partition(":")
        if not colon:
            raise ValueError(f"not a header: {line!r}")
        if name.strip().lower() == "content-length":
            length = int(value)
    if not line and length is None:
        return None
    if length is None:
        raise ValueError("a message without Content-Length")
    message: Message = json.loads(await reader.readexactly(length))
    return message

"""An editor without a screen, in the same process: what it says goes straight to the protocol."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from fimls.testing.marks import marked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.lsp.language_server import FimlsServer

_NO_ANSWER = object()

SILENCE = object()
"""As an answer to a request of the server: none, ever."""

URI = "file:///project/a.py"


Json: TypeAlias = Any
"""What a JSON text can hold."""


class RefusedError(Exception):
    """The server has answered a request with an error."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]


@dataclass(frozen=True)
class Said:
    """A notification or a request of the server; a notification has no `ident`."""

    method: str
    params: Any
    ident: object = None


class Editor:
    """Talks to a server; `answers` are its answers to requests of the server, by method.

    A request that it has no answer for is refused.  `heard` has all that the server said by
    itself, in order.
    """

    def __init__(self, server: FimlsServer, answers: Mapping[str, object] | None = None) -> None:
        self.server = server
        self.answers = dict(answers or {})
        self.heard: list[Said] = []
        self._idents = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._bell = asyncio.Event()
        server.protocol.set_writer(self)

    def tell(self, method: str, params: object = None) -> None:
        """Sends a notification."""
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: object = None) -> tuple[int, asyncio.Future[Any]]:
        """Sends a request; its answer comes by itself."""
        return self._begin({"method": method, "params": params})

    async def ask(self, method: str, params: object = None) -> Json:
        """The answer to a request; raises `RefusedError` where that is an error."""
        return await self.begin(method, params)[1]

    async def request(self, message: Mapping[str, object]) -> Json:
        """The answer to a request in any form, right or wrong."""
        return await self._begin(message)[1]

    def send(self, message: Mapping[str, object]) -> None:
        """Sends any message, right or wrong."""
        self.server.protocol.handle_body(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def of(self, method: str) -> list[Any]:
        """The parameters of all that the server said by that method."""
        return [said.params for said in self.heard if said.method == method]

    async def hears(self, method: str, holds: Callable[[Any], bool] = lambda _params: True) -> Any:
        """The parameters of the first of that method for which something holds, past or to come."""
        while not (found := [each for each in self.of(method) if holds(each)]):
            self._bell.clear()
            await self._bell.wait()
        return found[0]

    async def start(
        self, capabilities: Mapping[str, object] | None = None, **params: object
    ) -> dict[str, Any]:
        """Initializes the server; returns its answer."""
        rest = {"processId": None, "rootUri": None, "capabilities": capabilities or {}}
        answer: dict[str, Any] = await self.ask("initialize", rest | params)
        self.tell("initialized", {})
        return answer

    def open(self, text: str, uri: str = URI, language: str = "python", version: int = 1) -> None:
        """Opens a document."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def change(self, *changes: Mapping[str, object], uri: str = URI, version: int = 2) -> None:
        """Changes a document."""
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": changes}
        self.tell("textDocument/didChange", params)

    def write(self, data: bytes) -> None:
        """Hears what the server says."""
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        if "method" not in message:
            self._settle(message)
            return
        self.heard.append(Said(message["method"], message.get("params"), message.get("id")))
        self._bell.set()
        if "id" in message:
            asyncio.get_running_loop().call_soon(self._answer, message)

    def close(self) -> None:
        """The server has closed the connection."""

    def _begin(self, message: Mapping[str, object]) -> tuple[int, asyncio.Future[Any]]:
        ident = next(self._idents)
        # The server may answer before `send` returns.
        answer = self._waiting[ident] = asyncio.get_running_loop().create_future()
        self.send({"id": ident, **message})
        return ident, answer

    def _settle(self, message: Mapping[str, Any]) -> None:
        future = self._waiting.pop(message["id"])
        if "error" in message:
            future.set_exception(RefusedError(message["error"]))
        else:
            future.set_result(message["result"])

    def _answer(self, request: Mapping[str, Any]) -> None:
        answer = self.answers.get(request["method"], _NO_ANSWER)
        if answer is SILENCE:
            return
        if answer is _NO_ANSWER:
            error = {"code": -32601, "message": "no such thing here"}
            self.send({"id": request["id"], "error": error})
            return
        result = answer(request["params"]) if callable(answer) else answer
        self.send({"id": request["id"], "result": result})


def at(picture: str) -> tuple[str, dict[str, int]]:
    """The text of a picture, and its cursor as a position in UTF-16 units."""
    drawn = marked(picture)
    line = drawn.prefix.rpartition("\n")[2]
    units = len(line.encode("utf-16-le")) // 2
    return drawn.text, {"line": drawn.prefix.count("\n"), "character": units}


def inline(
    position: Mapping[str, int], *, uri: str = URI, kind: int = 2, **context: object
) -> dict[str, object]:
    """The parameters of `textDocument/inlineCompletion`."""
    return {
        "textDocument": {"uri": uri},
        "position": position,
        "context": {"triggerKind": kind, **context},
    }

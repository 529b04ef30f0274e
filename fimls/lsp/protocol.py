"""What pygls' protocol has to be taught, so that every request is answered and can be cancelled."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    default_converter,
    lsp_method,
)

from fimls.lsp.sync import missed

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.protocol.json_rpc import MsgId

    from fimls.lsp.language_server import FimlsServer

Handler = TypeVar("Handler", bound=Callable[..., Any])

_log = logging.getLogger(__name__)

# pygls' own handlers of these keep a copy of every document, which is slow for long ones and
# drifts from the editor's: it splits lines where LSP does not.  `fimls.documents` holds them.
_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
)

TOKEN: ContextVar[types.ProgressToken | None] = ContextVar("TOKEN", default=None)
"""The token of the command that is running, by which its client wants to be told of progress."""

_BEGIN_AT_ONCE: set[Callable[..., Any]] = set()


def begins_at_once(handler: Handler) -> Handler:
    """Marks a handler that is no coroutine function, but returns a coroutine.

    What it does itself is done before the next message is read.  pygls begins coroutine functions
    a turn of the event loop later, and by then an edit may have changed what was asked about.
    """
    _BEGIN_AT_ONCE.add(handler)
    return handler


class FimlsProtocol(LanguageServerProtocol):
    """The protocol of pygls 2.1 without the gaps that `editors.md` §3 found in it."""

    _server: FimlsServer

    @property
    def was_shut_down(self) -> bool:
        """Whether the client has sent `shutdown`."""
        return self._shutdown

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]
        for method in _OURS:
            del self.fm.builtin_features[method]

    def handle_body(self, body: bytes) -> None:
        """Handles what the client has sent; a request that cannot be read is refused.

        pygls would look for messages in each object of the text, also in their parameters.
        """
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            data = None
        # There are no batches in LSP.
        if not isinstance(data, dict):
            _log.warning("the client sends something that is no message")
            return
        try:
            self._take(data)
        except Exception as error:  # noqa: BLE001  (the next message may be a better one)
            self._server.report_server_error(error, FimlsProtocol)

    def handle_message(self, message: object) -> None:
        """Handles a message, unless it comes before `initialize` or after `shutdown`."""
        method, ident = getattr(message, "method", None), getattr(message, "id", None)
        refusal = self._out_of_turn(method)
        if refusal is not None:
            if method is not None and ident is not None:
                self._send_response(ident, error=refusal.to_response_error())
        elif method is None:
            super().handle_message(message)  # type: ignore[arg-type]
        else:
            self._begin(method, ident, getattr(message, "params", None))

    def _begin(self, method: str, ident: MsgId | None, params: object) -> None:
        """Begins a request or a notification in a context of its own.

        pygls tells what a message is by runtime protocols, which is a sixth of all that it does
        for a key.
        """
        context = contextvars.copy_context()
        if ident is None:
            context.run(self._handle_notification, method, params)
        else:
            context.run(self._handle_request, ident, method, params)

    def _handle_response(
        self, msg_id: MsgId, result: object = None, error: types.ResponseError | None = None
    ) -> None:
        """Takes an answer of the client, which nobody waits for where its asker was cancelled."""
        asked = self._request_futures.get(msg_id)
        if asked is not None and asked.cancelled():
            del self._request_futures[msg_id]
            return
        super()._handle_response(msg_id, result, error)

    def _execute_handler(
        self,
        msg_id: MsgId,
        handler: Callable[..., Any],
        callback: Callable[[Any], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        if getattr(handler, "func", None) not in _BEGIN_AT_ONCE:
            super()._execute_handler(msg_id, handler, callback, args, kwargs)
            return
        future = asyncio.ensure_future(handler(*(args or ())))
        self._request_futures[msg_id] = future
        future.add_done_callback(callback)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> object:
        """Runs a command; as this is its coroutine, `$/cancelRequest` cancels the command."""
        command = self.fm.commands.get(params.command)
        if command is None:
            raise JsonRpcInvalidParams(f"there is no command {params.command!r}")
        TOKEN.set(params.work_done_token)
        result: object = await command(params.arguments or [])
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_params: object) -> None:  # type: ignore[override]
        """Ends the conversation; pygls would leave by an exception and lose the exit status."""
        self._server.stopped.set()

    def _out_of_turn(self, method: str | None) -> JsonRpcException | None:
        if method in (None, types.EXIT):
            return None
        if self._shutdown:
            return JsonRpcInvalidRequest("the server has been shut down")
        begins, has_begun = method == types.INITIALIZE, self._server.client is not None
        if not (begins or has_begun):
            return JsonRpcServerNotInitialized("initialize comes first")
        if begins and has_begun:
            return JsonRpcInvalidRequest("initialize comes only once")
        return None

    def _take(self, data: dict[str, Any]) -> None:
        try:
            message = self._structured(data)
        except JsonRpcException as error:
            self._refuse_unreadable(data, error)
        else:
            self.handle_message(message)

    def _structured(self, data: dict[str, Any]) -> object:
        """The message that an object is; raises JsonRpcException for one that it is not."""
        if data.get("jsonrpc") != self.VERSION or not isinstance(data.get("method", ""), str):
            raise JsonRpcInvalidRequest('expected "jsonrpc": "2.0" and the name of a method')
        try:
            return self.structure_message(data)
        except JsonRpcException:
            raise JsonRpcInvalidParams from None

    def _refuse_unreadable(self, data: dict[str, Any], error: JsonRpcException) -> None:
        """Answers a request with the error, or fails the request of ours that it answers."""
        method, ident = data.get("method"), data.get("id")
        _log.warning("a message cannot be read: %s", method or "an answer")
        if not isinstance(ident, str | int):
            missed(self._server, str(method), data.get("params"))
        elif method is None:
            self._handle_response(ident, error=error.to_response_error())
        else:
            refusal = self._out_of_turn(method) or error
            self._send_response(ident, error=refusal.to_response_error())


def make_converter() -> Converter:
    """The converter of pygls, more lenient with trigger kinds, and with plain custom messages."""
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]
    converter.register_structure_hook(types.InlineCompletionTriggerKind, _trigger_kind)
    for kind in (JsonRPCRequestMessage, JsonRPCNotification, JsonRPCResponseMessage):
        converter.register_structure_hook(kind, _plain_message)
    return converter


def _trigger_kind(given: object, _kind: type) -> types.InlineCompletionTriggerKind:
    """An unknown kind is Invoked: clients of before LSP 3.18 was final sent 0 for that."""
    kinds = types.InlineCompletionTriggerKind
    return kinds.Automatic if given == kinds.Automatic.value else kinds.Invoked


def _plain_message(given: dict[str, Any], kind: type[Any]) -> object:
    """A message that LSP does not know, with its parameters or result as plain JSON values."""
    return kind(**{name: given.get(name) for name in kind.__annotations__})

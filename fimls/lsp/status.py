"""`fimls/status`: what the model is doing, told to the client on each change."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from fimls.lsp.telling import Telling
from fimls.models.status import State, Status, as_json

if TYPE_CHECKING:
    import asyncio

    from fimls.completion.values import Skip
    from fimls.lsp.language_server import FimlsServer

METHOD = "fimls/status"

_log = logging.getLogger(__name__)

# How each state is entered in the editor's log; what comes and goes with every completion is not.
_LOGGED = {
    State.READY: types.MessageType.Info,
    State.OFF: types.MessageType.Info,
    State.OFFLINE: types.MessageType.Warning,
    State.ERROR: types.MessageType.Error,
}

# What is over by then needs no word: a server that is restarted, settings that come a moment late.
_LASTS_S = 1.0

# A generation of a model that is ready is told of, at its beginning and its end, only if it lasts
# longer: nobody sees what flashes up, and two messages for a key keep both sides from the answer.
_BUSY_FOR_S = 0.1


class StatusLine:
    """Tells the client how the model and single documents stand."""

    def __init__(self, ls: FimlsServer) -> None:
        self._ls = ls
        self._off: set[str] = set()
        self._logged: str | None = None
        self._telling = Telling()
        self._sent: Status | None = None
        self._waiting: asyncio.Task[None] | None = None

    def tell(self, status: Status) -> None:
        """The model's state has changed."""
        self._pass_on(status)
        self._log(status)
        if self._telling.follow(status):
            self._ls.spawn(self._show(status))
        self._ls.loading.follow(status)
        self._ls.indexing.follow(status)
        if status.state is State.READY:
            self._ls.more.pay()

    def off_for(self, uri: str, why: Skip) -> None:
        """A document is never completed; said once while it is open."""
        if uri not in self._off:
            self._off.add(uri)
            self._send(Status(State.OFF, message=str(why), uri=uri))

    def forget(self, uri: str) -> None:
        """A document has been closed."""
        self._off.discard(uri)

    def _pass_on(self, status: Status) -> None:
        """Sends what the client does not know; that a ready model is at work, only if it lasts."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        was_ready = self._sent is not None and self._sent.state is State.READY
        if was_ready and status.state is State.BUSY:
            self._waiting = self._ls.spawn(self._send_later(status))
        elif status != self._sent:
            self._sent = status
            self._send(status)

    async def _send_later(self, status: Status) -> None:
        await self._ls.clock.sleep(_BUSY_FOR_S)
        self._sent = status
        self._send(status)

    def _send(self, status: Status) -> None:
        self._ls.protocol.notify(METHOD, as_json(status))

    async def _show(self, status: Status) -> None:
        """Tells the user what is the matter and what to do, once, if it lasts."""
        await self._ls.clock.sleep(_LASTS_S)
        if not self._telling.is_due(status):
            return
        self._telling.told(status)
        kind = types.MessageType.Error
        if status.state is not State.ERROR:
            kind = types.MessageType.Warning
        shown = types.ShowMessageParams(kind, f"fimls: {_sentences(status.message, status.fix)}")
        self._ls.window_show_message(shown)

    def _log(self, status: Status) -> None:
        line = _line(status)
        kind = _LOGGED.get(status.state)
        if kind is None or line == self._logged:
            return
        self._logged = line
        _log.info("status: %s", line)
        self._ls.window_log_message(types.LogMessageParams(kind, f"fimls: {line}"))


def _line(status: Status) -> str:
    model = f"{status.model} on {status.backend}" if status.model else ""
    parts = (status.state.value, model, status.message, status.fix)
    return " · ".join(part for part in parts if part)


def _sentences(message: str, fix: str | None) -> str:
    """What is the matter, and what to do about it; names at the beginning stay as they are."""
    said = message.strip().rstrip(".")
    return f"{said}. {fix[:1].upper()}{fix[1:].rstrip('.')}." if fix else f"{said}."

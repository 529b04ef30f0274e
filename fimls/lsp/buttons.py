"""Messages with a button: what can be done about it is done when the user presses it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from fimls.lsp.language_server import FimlsServer

_log = logging.getLogger(__name__)

Do = Callable[[], Awaitable[object]]


def say(ls: FimlsServer, kind: types.MessageType, words: str) -> None:
    """Shows a message."""
    ls.window_show_message(types.ShowMessageParams(kind, f"fimls: {words}"))


def offer(ls: FimlsServer, kind: types.MessageType, words: str, button: str, do: Do) -> None:
    """Shows a message with a button, where the client has such; nobody waits for the answer."""
    if ls.client is None or not ls.client.has_buttons:
        say(ls, kind, words)
        return
    ls.spawn(_offered(ls, kind, words, button, do))


async def _offered(
    ls: FimlsServer, kind: types.MessageType, words: str, button: str, do: Do
) -> None:
    actions = [types.MessageActionItem(button)]
    params = types.ShowMessageRequestParams(kind, f"fimls: {words}", actions)
    try:
        chosen = await ls.window_show_message_request_async(params)
    except JsonRpcException as error:
        _log.info("the client shows no buttons: %s", error.message)
        say(ls, kind, words)
        return
    if chosen is not None and chosen.title == button:
        await do()

"""The beginning and the end of a conversation."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.clock import within
from fimls.lsp import completion
from fimls.lsp.client import client_of
from fimls.lsp.configuration import pull, watch
from fimls.text.positions import Encoding

if TYPE_CHECKING:
    from lsprotocol import types

    from fimls.lsp.language_server import FimlsServer

# A client that is asked for its settings answers in milliseconds.  One that does not answer at all
# shall have completions too, with the settings known until then.
_SETTINGS_WITHIN_S = 0.3


def initialize(ls: FimlsServer, params: types.InitializeParams) -> None:
    """Notes what the client can do, where it works, and what it has set.

    What is announced follows from that, and cannot change afterwards.
    """
    ls.client = client_of(params.capabilities)
    # pygls has matched the client's wishes, in their order, with the three encodings there are.
    ls.documents.encoding = Encoding(ls.workspace.position_encoding or Encoding.UTF16)
    ls.documents.folders = _folders(params, ls.workspace.root_uri)
    ls.configuration.initialize(params.initialization_options)
    completion.offer(ls)


def initialized(ls: FimlsServer, _params: types.InitializedParams) -> None:
    """Asks for the settings, and begins to import all that was left out until now."""
    pulling = ls.spawn(pull(ls))
    ls.engine.start(after=lambda: within(ls.clock, _SETTINGS_WITHIN_S, pulling))
    ls.spawn(watch(ls))
    ls.spawn(ls.indexing.start(after=lambda: _made(ls)))


async def shutdown(ls: FimlsServer, _params: None) -> None:
    """Closes the connections to the model and ends our processes before the answer is sent."""
    await asyncio.gather(ls.engine.close(), ls.indexing.close(), ls.actions.close())


async def _made(ls: FimlsServer) -> None:
    """Waits until completions can be made, or never can."""
    await asyncio.wait([ls.engine.start()])


def _folders(params: types.InitializeParams, root: str | None) -> tuple[str, ...]:
    """The workspace folders, or the one root of older clients."""
    if params.workspace_folders:
        return tuple(folder.uri for folder in params.workspace_folders)
    return (root,) if root else ()

"""`fimls/more`: there is more to show now than the client was given.

LSP has no refresh for inline completions, so this goes only to clients that announce it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

METHOD = "fimls/more"


class More:
    """Tells of the rest of a block, and of a model that has come too late for a question."""

    def __init__(self, ls: FimlsServer) -> None:
        self._ls = ls
        self._owed: dict[str, Snapshot] = {}

    def tell(self, uri: str, version: int) -> None:
        """There is more to show for that version of a document."""
        if self._ls.client is not None and self._ls.client.asks_again:
            self._ls.protocol.notify(METHOD, {"uri": uri, "version": version})

    def owe(self, snap: Snapshot) -> None:
        """A question about a document could not be answered for want of a model."""
        self._owed[snap.uri] = snap

    def forget(self, uri: str) -> None:
        """A document has been closed."""
        self._owed.pop(uri, None)

    def pay(self) -> None:
        """A model is there: documents that are still as they were may be asked about again."""
        owed, self._owed = self._owed, {}
        for snap in owed.values():
            if self._ls.documents.is_current(snap):
                self.tell(snap.uri, snap.version)

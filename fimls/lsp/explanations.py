"""Explanations as the user reads them: a file that grows, or texts for clients that show them."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from fimls.documents.uris import path_of
from fimls.lsp.pacing import Pace
from fimls.settings import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

METHOD: Final = "fimls/actionText"

ACTION: Final = "fimls.explain"

# Explanations are removed after a week (contract §4).
_KEPT_S: Final = 7 * 24 * 3600

_log = logging.getLogger(__name__)


class Reading:
    """One explanation, shown as it comes.

    It is in notifications always, and in a file where the client shows documents and not those;
    in a message at its end where neither is shown, or no file can be written.
    """

    def __init__(self, ls: FimlsServer, snap: Snapshot, start: int, end: int) -> None:
        self._ls = ls
        self._snap = snap
        self._file = _file_of(ls, snap, start, end) if _is_in_file(ls) else None
        self._is_open = False
        self._text = ""
        self._pace = Pace(ls, self._show)

    @property
    def uri(self) -> str | None:
        """The file's URI, None where there is none."""
        return None if self._file is None or not self._is_open else self._file.as_uri()

    def grow(self, text: str) -> None:
        """There is more of it."""
        self._text = text
        self._pace.say(text)

    def end(self, markdown: str | None) -> None:
        """It is whole, or was broken off where it is None: what has come stays readable."""
        if markdown is not None:
            self.grow(markdown)
        self._pace.finish()
        client = self._ls.client
        is_read = self._is_open or (client is not None and client.shows_texts)
        if self._text.strip() and not is_read:
            info = types.MessageType.Info
            self._ls.window_show_message(types.ShowMessageParams(info, self._text.strip()))

    def _show(self, text: str) -> None:
        told = {"action": ACTION, "uri": self._snap.uri, "text": text}
        self._ls.protocol.notify(METHOD, told)
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(text, "utf-8")
        except OSError as error:
            _log.warning("an explanation cannot be written: %s", error)
            self._file = None
            return
        if not self._is_open:
            self._is_open = True
            _remove_old(self._file)
            self._ls.spawn(_open(self._ls, self._file.as_uri()))


def _is_in_file(ls: FimlsServer) -> bool:
    client = ls.client
    return client is not None and client.shows_documents and not client.shows_texts


def _file_of(ls: FimlsServer, snap: Snapshot, start: int, end: int) -> Path:
    """The file for a range: the same again for the same one, so that no heap of them is open."""
    name = re.sub(r"[^\w.-]+", "_", path_of(snap.uri).rpartition("/")[2])[:60] or "text"
    first, last = (snap.text.count("\n", 0, at) + 1 for at in (start, max(start, end - 1)))
    digest = sha256(snap.uri.encode(errors="replace")).hexdigest()[:8]
    folder = cache_dir(ls.configuration.environ) / "explanations"
    return folder.absolute() / f"{name}-{first}-{last}-{digest}.md"


def _remove_old(newest: Path) -> None:
    """Removes the explanations that are a week older than the newest one."""
    with suppress(OSError):
        limit = newest.stat().st_mtime - _KEPT_S
        for file in newest.parent.glob("*.md"):
            if file.stat().st_mtime < limit:
                file.unlink()


async def _open(ls: FimlsServer, uri: str) -> None:
    """Asks the client to show the file; the user stays where they are."""
    params = types.ShowDocumentParams(uri, external=False, take_focus=False)
    try:
        await ls.window_show_document_async(params)
    except JsonRpcException as error:
        _log.info("the client shows no document: %s", error.message)

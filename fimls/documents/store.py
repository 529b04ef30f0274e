"""All open documents, and what each one is at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.documents.buffer import Buffer
from fimls.documents.notebooks import Notebook
from fimls.documents.uris import is_document, path_of, relative_path
from fimls.text.encodable import encodable
from fimls.text.languages import language_of
from fimls.text.lines import to_lf
from fimls.text.positions import Encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fimls.documents.notebooks import Cell, NotebookChange, OpenedCell
    from fimls.documents.snapshot import Snapshot
    from fimls.text.positions import Range


class Documents:
    """The open documents of an editor, by the editor's own URI strings.

    Nothing here fails: what is said about a document that is not open, or that is of a scheme
    which is not worked on, is ignored.  `encoding` is what positions are in, set once after the
    editor and the server have agreed on it.  `busy_s` tells how many seconds this thread has worked
    (`fimls.clock`): with it no parse holds the thread up for long, whatever the text.
    """

    def __init__(
        self, encoding: Encoding = Encoding.UTF16, busy_s: Callable[[], float] | None = None
    ) -> None:
        self.encoding = encoding
        self._busy_s = busy_s
        self._folders: tuple[str, ...] = ()
        self._buffers: dict[str, Buffer] = {}
        self._notebooks: dict[str, Notebook] = {}
        self._snapshots: dict[str, Snapshot] = {}

    @property
    def folders(self) -> tuple[str, ...]:
        """The URIs of the workspace folders."""
        return self._folders

    @folders.setter
    def folders(self, uris: Iterable[str]) -> None:
        self._folders = tuple(uris)
        self._snapshots.clear()

    def at(self, uri: str) -> Snapshot | None:
        """The document as it is now, the same object until it changes; None if it is not open.

        A notebook's cell changes with each cell above it, as they are its preamble.
        """
        buffer = self._buffers.get(uri)
        if buffer is None:
            return None
        snap = self._snapshots.get(uri)
        if snap is None:
            path = relative_path(uri, self._folders)
            snap = self._snapshots[uri] = buffer.snapshot(path, self._preamble(buffer))
        return snap

    def is_current(self, snap: Snapshot) -> bool:
        """Whether a document is still as it was when the snapshot was made."""
        return self._snapshots.get(snap.uri) is snap

    def all(self) -> list[str]:
        """The URIs of all open documents and cells."""
        return list(self._buffers)

    def open(self, uri: str, language_id: str, version: int, text: str) -> None:
        """Takes over the text of a document; one that is open already is replaced."""
        if is_document(uri):
            language = language_of(language_id, path_of(uri))
            self.close(uri)
            self._buffers[uri] = Buffer(uri, language, version, text, self._busy_s)

    def change(self, uri: str, version: int, changes: Sequence[tuple[Range | None, str]]) -> None:
        """Applies edits, each in the text as the one before left it; None is the whole text."""
        buffer = self._buffers.get(uri)
        if buffer is None:
            return
        for span, text in changes:
            buffer.change(span, text, self.encoding)
        buffer.version = version
        self._forget(uri)

    def close(self, uri: str) -> None:
        """Frees a document and all that belongs to it."""
        buffer = self._buffers.pop(uri, None)
        self._forget(uri)
        if buffer is not None:
            buffer.close()

    def open_notebook(
        self, uri: str, cells: Sequence[Cell], texts: Sequence[OpenedCell] = ()
    ) -> None:
        """Takes over a notebook: its cells in their order, and the texts of them."""
        if not is_document(uri):
            return
        self._notebooks[uri] = Notebook(cells)
        for cell in texts:
            self.open(cell.uri, cell.language_id, cell.version, cell.text)

    def change_notebook(self, uri: str, change: NotebookChange) -> None:
        """Applies what one notification tells of a notebook."""
        notebook = self._notebooks.get(uri)
        if notebook is None:
            return
        notebook.arrange(change.splice, change.kinds)
        for opened in change.opened:
            self.open(opened.uri, opened.language_id, opened.version, opened.text)
        for closed in change.closed:
            self.close(closed)
        for cell in change.changed:
            self.change(cell.uri, cell.version, cell.changes)
        self._forget_cells(notebook)

    def close_notebook(self, uri: str, cells: Sequence[str] = ()) -> tuple[str, ...]:
        """Frees a notebook with all its cells, and returns them.

        `cells` are those that the editor names.
        """
        notebook = self._notebooks.pop(uri, None)
        freed = tuple(dict.fromkeys((*(notebook.uris if notebook else ()), *cells)))
        for cell in freed:
            self.close(cell)
        return freed

    def _preamble(self, buffer: Buffer) -> str:
        """The code cells above a cell that are in its language, each ending with LF."""
        notebook = self._notebook_of(buffer.uri)
        above = notebook.code_above(buffer.uri) if notebook else ()
        cells = (self._buffers[uri] for uri in above if uri in self._buffers)
        sources = [cell.source for cell in cells if cell.language.id == buffer.language.id]
        return "".join(
            to_lf(encodable(source)).removesuffix("\n") + "\n" for source in sources if source
        )

    def _notebook_of(self, uri: str) -> Notebook | None:
        return next((notebook for notebook in self._notebooks.values() if uri in notebook), None)

    def _forget(self, uri: str) -> None:
        """Drops the snapshots that no longer hold: a document's, and those of cells with it."""
        self._snapshots.pop(uri, None)
        notebook = self._notebook_of(uri)
        if notebook is not None:
            self._forget_cells(notebook)

    def _forget_cells(self, notebook: Notebook) -> None:
        for cell in notebook.uris:
            self._snapshots.pop(cell, None)

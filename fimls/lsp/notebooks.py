"""Notebooks: their cells' edits arrive here and not as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from fimls.documents.notebooks import Cell, ChangedCell, NotebookChange, OpenedCell, Splice
from fimls.lsp.conversions import edits_of
from fimls.lsp.sync import closed, moved_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fimls.lsp.language_server import FimlsServer

SYNC = types.NotebookDocumentSyncOptions(
    notebook_selector=[types.NotebookDocumentFilterWithNotebook(notebook="*")]
)
"""All cells of all notebooks, whatever their type and language."""


def did_open_notebook(ls: FimlsServer, params: types.DidOpenNotebookDocumentParams) -> None:
    """Takes over a notebook with its cells."""
    notebook = params.notebook_document
    texts = _opened(params.cell_text_documents)
    ls.documents.open_notebook(notebook.uri, _cells(notebook.cells), texts)


def did_change_notebook(ls: FimlsServer, params: types.DidChangeNotebookDocumentParams) -> None:
    """Applies what has happened to the cells and in them."""
    cells = params.change.cells
    if cells is None:
        return
    change = _change(cells)
    ls.documents.change_notebook(params.notebook_document.uri, change)
    for uri in change.closed:
        closed(ls, uri)
    for cell in change.changed:
        moved_on(ls, cell.uri)


def did_close_notebook(ls: FimlsServer, params: types.DidCloseNotebookDocumentParams) -> None:
    """Frees a notebook and all its cells."""
    named = [cell.uri for cell in params.cell_text_documents]
    for uri in ls.documents.close_notebook(params.notebook_document.uri, named):
        closed(ls, uri)


def _change(cells: types.NotebookDocumentCellChanges) -> NotebookChange:
    structure = cells.structure
    return NotebookChange(
        splice=_splice(structure.array) if structure else None,
        opened=_opened(structure.did_open or ()) if structure else (),
        closed=[cell.uri for cell in structure.did_close or ()] if structure else (),
        kinds=_cells(cells.data or ()),
        changed=[
            ChangedCell(text.document.uri, text.document.version, edits_of(text.changes))
            for text in cells.text_content or ()
        ],
    )


def _splice(array: types.NotebookCellArrayChange) -> Splice:
    return Splice(array.start, array.delete_count, _cells(array.cells or ()))


def _cells(cells: Iterable[types.NotebookCell]) -> list[Cell]:
    return [Cell(cell.document, cell.kind is types.NotebookCellKind.Code) for cell in cells]


def _opened(texts: Iterable[types.TextDocumentItem]) -> list[OpenedCell]:
    return [OpenedCell(text.uri, text.language_id, text.version, text.text) for text in texts]

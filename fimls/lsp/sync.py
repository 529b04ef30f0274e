"""Documents and folders: as the editor opens, changes and closes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from fimls.lsp.conversions import edits_of

if TYPE_CHECKING:
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

# What tells a text, and the parameter that names whose it is.
_TELLS_TEXT: Final[Mapping[str, str]] = {
    types.TEXT_DOCUMENT_DID_OPEN: "textDocument",
    types.TEXT_DOCUMENT_DID_CHANGE: "textDocument",
    types.NOTEBOOK_DOCUMENT_DID_OPEN: "notebookDocument",
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: "notebookDocument",
}


def did_open(ls: FimlsServer, params: types.DidOpenTextDocumentParams) -> None:
    """Takes over a document's text."""
    opened = params.text_document
    ls.documents.open(opened.uri, opened.language_id, opened.version, opened.text)
    snap = ls.documents.at(opened.uri)
    if snap is not None:
        ls.spawn(_looked_at(ls, snap))
    ls.indexing.moved_on(opened.uri)


def did_change(ls: FimlsServer, params: types.DidChangeTextDocumentParams) -> None:
    """Applies edits; what is under way for the text before them is looked at again."""
    uri, edits = params.text_document.uri, edits_of(params.content_changes)
    ls.documents.change(uri, params.text_document.version, edits)
    ls.places.changed(uri, edits)
    moved_on(ls, uri)


def did_close(ls: FimlsServer, params: types.DidCloseTextDocumentParams) -> None:
    """Frees a document."""
    ls.documents.close(params.text_document.uri)
    closed(ls, params.text_document.uri)


def did_change_folders(ls: FimlsServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Adds and removes workspace folders."""
    removed = {folder.uri for folder in params.event.removed}
    kept = [uri for uri in ls.documents.folders if uri not in removed]
    added = [folder.uri for folder in params.event.added]
    ls.documents.folders = dict.fromkeys([*kept, *added])
    ls.indexing.follow_folders()


def missed(ls: FimlsServer, method: str, params: object) -> None:
    """A notification could not be read: a text that it told of is not known any more.

    The edits that follow would be made in another text than the editor's.
    """
    document = params.get(_TELLS_TEXT.get(method)) if isinstance(params, Mapping) else None
    uri = document.get("uri") if isinstance(document, Mapping) else None
    if isinstance(uri, str):
        for freed in ls.documents.close_notebook(uri, [uri]):
            closed(ls, freed)


async def _looked_at(ls: FimlsServer, snap: Snapshot) -> None:
    """Tells the engine of a document that has been opened, as soon as it is there."""
    try:
        engine = await ls.engine.ready()
    except Exception:  # noqa: BLE001  (it has been told by whoever makes the engine)
        return
    if ls.documents.is_current(snap):
        engine.completer.opened(snap)


def moved_on(ls: FimlsServer, uri: str) -> None:
    """Tells the engine, if it is there, that a document has changed."""
    ls.indexing.moved_on(uri)
    snap = ls.documents.at(uri)
    if ls.engine.made is not None and snap is not None:
        ls.engine.made.completer.changed(snap)


def closed(ls: FimlsServer, uri: str) -> None:
    """Tells everybody, that a document is no longer open."""
    ls.status.forget(uri)
    ls.more.forget(uri)
    ls.indexing.closed(uri)
    ls.places.closed(uri)
    if ls.engine.made is not None:
        ls.engine.made.completer.closed(uri)

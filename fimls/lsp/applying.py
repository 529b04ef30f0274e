"""Edits of ours in the editor: for the very version that they were made for, one undo step."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from fimls.lsp.conversions import wire_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer
    from fimls.text.edits import Edit

_log = logging.getLogger(__name__)


async def applied(ls: FimlsServer, snap: Snapshot, edits: Sequence[Edit], label: str) -> str | None:
    """Has the client apply edits of a snapshot; None, or why it did not.

    To be called only while the snapshot is the document as it is: nothing is awaited before the
    request is sent, and a client that knows versions compares them once more.
    """
    params = types.ApplyWorkspaceEditParams(_workspace_edit(ls, snap, edits), label=label)
    try:
        answer = await ls.workspace_apply_edit_async(params)
    except JsonRpcException as error:
        _log.warning("the client applies no edits: %s", error.message)
        return f"the editor does not apply edits ({error.message})"
    if answer.applied:
        return None
    return answer.failure_reason or "the editor did not apply the edit"


def _workspace_edit(ls: FimlsServer, snap: Snapshot, edits: Sequence[Edit]) -> types.WorkspaceEdit:
    from fimls.actions.place import in_line_ends

    own = [in_line_ends(edit, snap.eol) for edit in edits]
    changes = [_text_edit(ls, snap, edit) for edit in own]
    if ls.client is None or not ls.client.takes_versions:
        return types.WorkspaceEdit(changes={snap.uri: changes})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=snap.uri, version=snap.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, changes)])


def _text_edit(ls: FimlsServer, snap: Snapshot, edit: Edit) -> types.TextEdit:
    return types.TextEdit(wire_range(snap, edit.start, edit.end, ls.documents.encoding), edit.text)

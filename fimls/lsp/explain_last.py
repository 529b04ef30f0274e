"""`fimls/explainLast`: why the last completion of a document looked as it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcInvalidParams

from fimls.completion.values import Reason

if TYPE_CHECKING:
    from fimls.lsp.language_server import FimlsServer

METHOD = "fimls/explainLast"

_NOT_ASKED = "no completion has been asked for in this document yet"


async def explain_last(ls: FimlsServer, params: object) -> dict[str, object]:
    """The last completion in the form of `fimls complete --explain --json`.

    Raises JsonRpcInvalidParams where no document is named.
    """
    uri = _uri(params)
    if ls.documents.at(uri) is None:
        return _nothing(Reason.UNKNOWN_DOCUMENT.value)
    engine = await ls.engine.ready()
    trace = engine.completer.last(uri)
    if trace is None:
        return _nothing(_NOT_ASKED)
    from fimls.completion.trace import as_json

    return as_json(trace, explain=True)


def _uri(params: object) -> str:
    document = params.get("textDocument") if isinstance(params, Mapping) else None
    uri = document.get("uri") if isinstance(document, Mapping) else None
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams('expected {"textDocument": {"uri": …}}')
    return uri


def _nothing(reason: str) -> dict[str, object]:
    """The same form, where there is nothing to tell but the reason."""
    return {
        "text": "",
        "range": None,
        "skip": reason,
        "backend": None,
        "model": None,
        "mode": None,
        "stages_ms": {},
        "prompt": None,
        "raw": None,
        "context": [],
        "filters": [],
        "attempts": [],
    }

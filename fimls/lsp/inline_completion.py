"""`textDocument/inlineCompletion`: ghost text, from the editor's question to its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from fimls.completion.values import Ask, SelectedItem
from fimls.lsp.answering import answered
from fimls.lsp.commands import accepted_command
from fimls.lsp.conversions import position_of, range_of, wire_range
from fimls.lsp.protocol import begins_at_once
from fimls.text.lines import from_lf, to_lf

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from fimls.completion.values import Completion
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer


@begins_at_once
def inline_completion(
    ls: FimlsServer, params: types.InlineCompletionParams
) -> Coroutine[object, object, types.InlineCompletionList | None]:
    """The items to show: none where there is nothing, None where the question is overtaken."""
    return _completed(ls, params, ls.documents.at(params.text_document.uri))


async def _completed(
    ls: FimlsServer, params: types.InlineCompletionParams, snap: Snapshot | None
) -> types.InlineCompletionList | None:
    items = await answered(
        ls,
        snap,
        lambda known: _ask(ls, known, params),
        lambda known, found: [_item(ls, known, each) for each in found],
    )
    return None if items is None else types.InlineCompletionList(items=items)


def _ask(ls: FimlsServer, snap: Snapshot, params: types.InlineCompletionParams) -> Ask:
    encoding = ls.documents.encoding
    chosen = params.context.selected_completion_info
    selected = None
    if chosen is not None:
        span = range_of(chosen.range)
        start, end = (snap.lines.offset(each, encoding) for each in (span.start, span.end))
        selected = SelectedItem(start, max(start, end), to_lf(chosen.text))
    return Ask(
        snap,
        snap.hole(position_of(params.position), encoding),
        explicit=params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked,
        selected=selected,
    )


def _item(ls: FimlsServer, snap: Snapshot, found: Completion) -> types.InlineCompletionItem:
    return types.InlineCompletionItem(
        from_lf(found.text, snap.eol),
        range=wire_range(snap, found.start, found.end, ls.documents.encoding),
        command=accepted_command(found.ident),
    )

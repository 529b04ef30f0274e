"""`textDocument/inlineCompletion`: from the editor's question to its answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from fimls.completion.drawable import undrawable
from fimls.completion.values import Ask, Completion, Overtaken, Reason, SelectedItem, Skip
from fimls.lsp.commands import ACCEPTED
from fimls.lsp.conversions import position_of, range_of, wire_range
from fimls.lsp.protocol import begins_at_once
from fimls.text.lines import from_lf, to_lf

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from fimls.completion.values import Answer
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

_log = logging.getLogger(__name__)


@begins_at_once
def inline_completion(
    ls: FimlsServer, params: types.InlineCompletionParams
) -> Coroutine[object, object, types.InlineCompletionList | None]:
    """The items to show: none where there is nothing, None where the question is overtaken.

    Never raises but when it is cancelled: an editor would show the error at every key.
    """
    return _completed(ls, params, ls.documents.at(params.text_document.uri))


async def _completed(
    ls: FimlsServer, params: types.InlineCompletionParams, snap: Snapshot | None
) -> types.InlineCompletionList | None:
    began_s = ls.clock.now()
    try:
        answer, result = await _answer(ls, params, snap)
    except Exception:  # noqa: BLE001  (whatever is wrong, the editor gets an answer)
        _log.exception("a completion failed")
        return _items()
    spent_ms = (ls.clock.now() - began_s) * 1000
    _log.info("completion: %s after %.0f ms", _described(answer), spent_ms)
    return result


async def _answer(
    ls: FimlsServer, params: types.InlineCompletionParams, snap: Snapshot | None
) -> tuple[Answer, types.InlineCompletionList | None]:
    if snap is None:
        return Skip(Reason.UNKNOWN_DOCUMENT), _items()
    engine = await ls.engine.ready()
    if not ls.documents.is_current(snap):
        return Overtaken(), None
    ask = _ask(ls, snap, params)
    answer = await engine.completer.complete(ask)
    if isinstance(answer, Overtaken) or not ls.documents.is_current(snap):
        return Overtaken(), None
    if isinstance(answer, Skip):
        _tell(ls, snap, answer)
        return answer, _items()
    refused = undrawable(ask, answer)
    if refused is not None:
        return refused, _items()
    return answer, _items(*_offered(ls, snap, answer))


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


def _offered(
    ls: FimlsServer, snap: Snapshot, answer: Completion
) -> list[types.InlineCompletionItem]:
    command = types.Command("Accepted", ACCEPTED, arguments=[answer.ident])
    span = wire_range(snap, answer.start, answer.end, ls.documents.encoding)
    return [
        types.InlineCompletionItem(from_lf(text, snap.eol), range=span, command=command)
        for text in dict.fromkeys((answer.text, *answer.candidates))
    ]


def _tell(ls: FimlsServer, snap: Snapshot, skip: Skip) -> None:
    """What the user should know of besides seeing nothing."""
    if skip.reason is Reason.SECRET_FILE:
        ls.status.off_for(snap.uri, skip)
    if skip.reason is Reason.NO_MODEL:
        ls.more.owe(snap)


def _items(*items: types.InlineCompletionItem) -> types.InlineCompletionList:
    return types.InlineCompletionList(items=list(items))


def _described(answer: Answer) -> str:
    if isinstance(answer, Completion):
        return f"item {answer.ident}, {len(answer.text)} characters"
    return "overtaken" if isinstance(answer, Overtaken) else f"nothing, {answer}"

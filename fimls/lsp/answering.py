"""The engine's answer to an editor's question, in whatever form the editor wants it shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from fimls.completion.drawable import undrawable
from fimls.completion.values import Completion, Overtaken, Reason, Skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.completion.values import Answer, Ask
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

_log = logging.getLogger(__name__)

Item = TypeVar("Item")


async def answered(
    ls: FimlsServer,
    snap: Snapshot | None,
    ask_of: Callable[[Snapshot], Ask],
    items_of: Callable[[Snapshot, list[Completion]], list[Item]],
) -> list[Item] | None:
    """The items to show, best first: none where there is nothing, None where it is overtaken.

    `snap` is the document as it was when the question came.  Never raises but when it is
    cancelled: an editor would show the error at every key.
    """
    began_s = ls.clock.now()
    try:
        answer, items = await _answer(ls, snap, ask_of, items_of)
    except Exception:  # noqa: BLE001  (whatever is wrong, the editor gets an answer)
        _log.exception("a completion failed")
        return []
    spent_ms = (ls.clock.now() - began_s) * 1000
    _log.info("completion: %s after %.0f ms", _described(answer), spent_ms)
    return items


async def _answer(
    ls: FimlsServer,
    snap: Snapshot | None,
    ask_of: Callable[[Snapshot], Ask],
    items_of: Callable[[Snapshot, list[Completion]], list[Item]],
) -> tuple[Answer, list[Item] | None]:
    if snap is None:
        return Skip(Reason.UNKNOWN_DOCUMENT), []
    engine = await ls.engine.ready()
    if not ls.documents.is_current(snap):
        return Overtaken(), None
    ask = ask_of(snap)
    answer = await engine.completer.complete(ask)
    if isinstance(answer, Overtaken) or not ls.documents.is_current(snap):
        return Overtaken(), None
    if isinstance(answer, Skip):
        _tell(ls, snap, answer)
        return answer, []
    refused = undrawable(ask, answer)
    if refused is not None:
        return refused, []
    shown = [each for each in (answer, *answer.candidates) if undrawable(ask, each) is None]
    return answer, items_of(snap, shown)


def _tell(ls: FimlsServer, snap: Snapshot, skip: Skip) -> None:
    """What the user should know of besides seeing nothing."""
    if skip.reason is Reason.SECRET_FILE:
        ls.status.off_for(snap.uri, skip)
    if skip.reason is Reason.NO_MODEL:
        ls.more.owe(snap)


def _described(answer: Answer) -> str:
    if isinstance(answer, Completion):
        others = f" and {len(answer.candidates)} others" if answer.candidates else ""
        return f"item {answer.ident}, {len(answer.text)} characters{others}"
    return "overtaken" if isinstance(answer, Overtaken) else f"nothing, {answer}"

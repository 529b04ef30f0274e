"""The delta of a change: whether it adds faults to a text (architecture, decision 10).

A parser that has to recover from a fault is slow, and guesses.  So the lines around the change are
parsed first: in a document that is broken elsewhere, or too long, they alone can tell.  What they
say is then tried on the whole document, as far as that is quick: it is where the text fits, and
what breaks is often seen at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fimls.syntax.change import Change
from fimls.syntax.comparison import compared
from fimls.syntax.effort import Effort
from fimls.syntax.fragment import Whole
from fimls.syntax.grammars import has_grammar
from fimls.syntax.tree import is_sound_with, parse, splice
from fimls.syntax.trial import Verdict, by_fragment, by_whole_text, repairs_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.syntax.tree import Tree

__all__ = ["Verdict", "judge", "judge_nearby", "judge_wholly", "repairs"]

# What the whole may cost.  In 2,000 lines of real sources in 13 languages a text that fits takes 10
# to 77 calls at the 95th percentile (Python most).
_WHOLE_EFFORT: Final = 80

# The same where it most likely is at fault: there the parser takes up to 170 µs for a call, which
# it spends on looking for a way out.
_TORN_EFFORT: Final = 20

# A text with more parts than this is not tried as a whole: the parser asks of each whether it may
# stay as it is, and would not come to the end.
_MOST_PARTS: Final = 1500

# More than anything takes.
_ENDLESS: Final = 1_000_000

# Verdicts that are remembered of a text.
_MOST_KNOWN: Final = 128


def judge(before: Tree, start: int, end: int, text: str, effort: Effort | None = None) -> Verdict:
    """Whether replacing what stands from `start` up to `end` (offsets) by `text` would add faults.

    A text that was broken elsewhere may stay so.  One that is broken at the very place fits if
    the change mends it, or if it would but for what is still to be typed: brackets to be closed,
    a body to be written.  Unknown means that neither the whole nor a fragment can tell.

    What the verdict has cost is taken off `effort`, also where it is remembered, so that who asks
    about several texts knows when to stop; the verdict itself does not depend on it.
    """
    change = Change(start, end, text)
    known = _memory(before.text, before.grammar).judged
    return _found(known, change, effort, lambda spent: _judged(before, change, spent))


def judge_nearby(
    whole: str, grammar: str | None, start: int, end: int, text: str, effort: Effort | None = None
) -> Verdict:
    """As `judge`, from the lines around the change alone: for a text that is not in order.

    Unknown also where there is no such grammar.
    """
    if grammar is None or not has_grammar(grammar):
        return Verdict.UNKNOWN
    change, torn = Change(start, end, text), Whole(whole, grammar, has_error=True)
    known = _memory(whole, grammar).nearby
    return _found(known, change, effort, lambda spent: by_fragment(torn, change, spent))


def judge_wholly(whole: str, grammar: str, start: int, end: int, text: str) -> Verdict:
    """As `judge`, from the whole text and without a deadline: what the others are measured by."""
    before = parse(whole, grammar)
    after = None if before is None else splice(before, start, end, text)
    if before is None or after is None:
        return Verdict.UNKNOWN
    return by_whole_text(before, after, Change(start, end, text), Effort(_ENDLESS))


def repairs(whole: str, grammar: str | None, start: int, end: int, text: str) -> bool:
    """Whether the lines around a change are at fault without it, and in order with it."""
    if grammar is None or not has_grammar(grammar):
        return False
    change, torn = Change(start, end, text), Whole(whole, grammar, has_error=True)
    known = _memory(whole, grammar).repaired
    if change not in known:
        _make_room(known)
        known[change] = repairs_lines(torn, change, Effort(_ENDLESS))
    return known[change]


def _judged(before: Tree, change: Change, effort: Effort) -> Verdict:
    has_error = before.root.has_error
    verdict = by_fragment(Whole(before.text, before.grammar, has_error), change, effort)
    if has_error and verdict is not Verdict.UNKNOWN:
        return verdict
    part = effort.part(_WHOLE_EFFORT if verdict is Verdict.FITS else _TORN_EFFORT)
    whole = (_by_kind_and_place if has_error else _by_whole)(before, change, part)
    return verdict if whole is Verdict.UNKNOWN else whole


def _by_whole(before: Tree, change: Change, effort: Effort) -> Verdict:
    """The verdict on a change to a text that is in order; unknown where that would take long."""
    if before.root.child_count > _MOST_PARTS:
        return Verdict.UNKNOWN
    is_sound = is_sound_with(before, change.start, change.end, change.text, effort)
    if is_sound is None:
        return Verdict.UNKNOWN
    return Verdict.FITS if is_sound else Verdict.BREAKS


def _by_kind_and_place(before: Tree, change: Change, effort: Effort) -> Verdict:
    """The verdict on a change to a text that is at fault, by all its faults."""
    after = splice(before, change.start, change.end, change.text, effort)
    delta = None if after is None else compared(before, after, change)
    return Verdict.FITS if delta is not None and delta.adds_nothing else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A verdict, and how many calls it has cost."""

    verdict: Verdict
    calls: int


@dataclass(frozen=True, slots=True)
class _Memory:
    """What was found out about changes to a text.

    As a text is streamed the same lines are judged with each piece, and as it is repaired the same
    texts are tried by one filter and the next.
    """

    judged: dict[Change, _Judgement] = field(default_factory=dict)
    nearby: dict[Change, _Judgement] = field(default_factory=dict)
    repaired: dict[Change, bool] = field(default_factory=dict)


@lru_cache(maxsize=2)
def _memory(_text: str, _grammar: str) -> _Memory:
    return _Memory()


def _found(
    known: dict[Change, _Judgement],
    change: Change,
    effort: Effort | None,
    find: Callable[[Effort], Verdict],
) -> Verdict:
    """The verdict that is remembered, or else is found now."""
    if change not in known:
        _make_room(known)
        spent = Effort(_ENDLESS)
        verdict = find(spent)
        known[change] = _Judgement(verdict, _ENDLESS - spent.left)
    if effort is not None:
        effort.spend(known[change].calls)
    return known[change].verdict


def _make_room(known: dict[Change, _Judgement] | dict[Change, bool]) -> None:
    if len(known) >= _MOST_KNOWN:
        known.clear()

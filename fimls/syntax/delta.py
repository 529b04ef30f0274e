"""The delta of a change: whether it adds faults to a text (architecture, decision 10).

A parser that has to recover from a fault is slow, and guesses.  So the lines around the change are
parsed first: what breaks them breaks the whole, and in a document that is broken elsewhere they
alone are in order.  What fits them is then tried on the whole document, which is quick just
because it most likely fits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.syntax.change import Change
from fimls.syntax.faults import Fault
from fimls.syntax.fragment import Whole, fragment_around
from fimls.syntax.grammars import has_grammar
from fimls.syntax.mends import mends
from fimls.syntax.tree import parse, splice

if TYPE_CHECKING:
    from fimls.syntax.fragment import Fragment
    from fimls.syntax.tree import Tree

# Measured on Python's own library: in 2,000 lines a text that fits takes 36 to 50 calls (0.6 ms).
# A call stands for 15 µs where all is in order, but for up to 180 µs where the parser recovers,
# which makes 8 ms at the most.  In 20,000 lines a fitting text takes 240 to 480 calls (5 to 9 ms);
# there it is left at what the fragment says.
_EFFORT: Final = 60

# Visible lines that a fragment has on each side at the least.  Most functions are shorter, and 40
# lines are parsed in 0.1 ms.
_NEAR_LINES: Final = 20


class Verdict(StrEnum):
    """What a change does to the syntax of a text."""

    FITS = "fits"
    BREAKS = "breaks"
    UNKNOWN = "unknown"


def judge(before: Tree, start: int, end: int, text: str) -> Verdict:
    """Whether replacing what stands from `start` up to `end` (offsets) by `text` would add faults.

    A text that was broken elsewhere may stay so.  One that is broken at the very place fits if
    the change mends it, or if it would but for what is still to be typed: brackets to be closed,
    a body to be written.  Unknown means that neither the whole nor a fragment can tell.
    """
    change = Change(start, end, text)
    whole = Whole(before.text, before.grammar, before.root.has_error)
    verdict = _by_fragment(whole, change)
    if verdict is Verdict.BREAKS or (verdict is Verdict.FITS and before.root.has_error):
        return verdict
    after = splice(before, start, end, text, _EFFORT)
    if after is None:
        return verdict
    if not after.root.has_error:
        return Verdict.FITS
    if not before.root.has_error:
        return Verdict.BREAKS
    delta = _delta(before, after, change)
    return Verdict.FITS if delta is not None and delta.adds_nothing else Verdict.UNKNOWN


def judge_nearby(whole: str, grammar: str | None, start: int, end: int, text: str) -> Verdict:
    """As `judge`, from the lines around the change alone: for a text that is not in order.

    Unknown also where there is no such grammar.
    """
    if grammar is None or not has_grammar(grammar):
        return Verdict.UNKNOWN
    return _by_fragment(Whole(whole, grammar, has_error=True), Change(start, end, text))


def repairs(whole: str, grammar: str | None, start: int, end: int, text: str) -> bool:
    """Whether the lines around a change are at fault without it, and in order with it."""
    if grammar is None or not has_grammar(grammar):
        return False
    around = fragment_around(
        Whole(whole, grammar, has_error=True), Change(start, end, text), _NEAR_LINES
    )
    before = parse(around.text, grammar, effort=_EFFORT)
    delta = None if before is None else _delta_of(before, around.change)
    return delta is not None and delta.near_before > 0 and delta.adds_nothing


@dataclass(frozen=True, slots=True)
class _Delta:
    """How faults differ: those near the change by number, those elsewhere by kind and place.

    What the parser says about a line that is being typed changes with each character; what it
    says about the others should not.
    """

    near_before: int
    near_after: int
    far_before: int
    far_added: int

    @property
    def adds_nothing(self) -> bool:
        """Whether the place is in order with the change, and nothing else has got worse."""
        return self.near_after == 0 and self.far_added == 0


def _by_fragment(whole: Whole, change: Change) -> Verdict:
    """The verdict on the change in the lines around it alone, or else on its own statement."""
    around = fragment_around(whole, change, _NEAR_LINES)
    before = _in_order(around, whole)
    verdict = Verdict.UNKNOWN if before is None else _plainly(before, around.change)
    if verdict is not Verdict.UNKNOWN:
        return verdict
    own = fragment_around(whole, change, 0)
    before = _in_order(own, whole)
    return Verdict.UNKNOWN if before is None else _when_finished(before, own.change)


def _in_order(fragment: Fragment, whole: Whole) -> Tree | None:
    """The tree of a fragment; None where that is at fault and the whole is not: a wrong cut."""
    tree = parse(fragment.text, whole.grammar, effort=_EFFORT)
    is_torn = tree is not None and tree.root.has_error and not whole.has_error
    return None if is_torn else tree


def _plainly(before: Tree, change: Change) -> Verdict:
    """The verdict on a change as it is; unknown where the text was broken before and still is."""
    delta = _delta_of(before, change)
    if delta is not None and delta.adds_nothing:
        return Verdict.FITS
    return Verdict.UNKNOWN if before.root.has_error else Verdict.BREAKS


def _when_finished(before: Tree, change: Change) -> Verdict:
    """The verdict on a change to a text that may be broken at the very place."""
    verdict = _plainly(before, change)
    delta = _delta_of(before, change)
    if verdict is not Verdict.UNKNOWN or delta is None or delta.near_before == 0:
        return verdict
    if _is_mendable(before, change):
        return Verdict.FITS
    is_worse = delta.near_after > delta.near_before and delta.far_before == 0
    return Verdict.BREAKS if is_worse else Verdict.UNKNOWN


def _is_mendable(before: Tree, change: Change) -> bool:
    """Whether all would be well if what the line and the text have begun were finished."""
    line_start = before.text.rfind("\n", 0, change.start) + 1
    begun = before.text[line_start : change.start] + change.text
    for mend in mends(begun, before.grammar):
        delta = _delta_of(before, Change(change.start, change.end, change.text + mend))
        if delta is not None and delta.adds_nothing:
            return True
    return False


def _delta_of(before: Tree, change: Change) -> _Delta | None:
    after = splice(before, change.start, change.end, change.text, _EFFORT)
    return None if after is None else _delta(before, after, change)


def _delta(before: Tree, after: Tree, change: Change) -> _Delta | None:
    if before.faults is None or after.faults is None:
        return None
    grown = len(after.source) - len(before.source)
    # The lines that the change touches are its neighbourhood.
    first = before.source.rfind(b"\n", 0, before.byte(change.start)) + 1
    last = _line_end(before.source, before.byte(change.end))
    old = [fault for fault in before.faults if _is_far(fault, first, last)]
    new = [fault for fault in after.faults if _is_far(fault, first, last + grown)]
    moved = Counter(_moved(fault, grown if fault.start > last else 0) for fault in old)
    return _Delta(
        near_before=len(before.faults) - len(old),
        near_after=len(after.faults) - len(new),
        far_before=len(old),
        far_added=(Counter(new) - moved).total(),
    )


def _is_far(fault: Fault, first: int, last: int) -> bool:
    return fault.end < first or fault.start > last


def _moved(fault: Fault, by: int) -> Fault:
    return Fault(fault.kind, fault.start + by, fault.end + by)


def _line_end(source: bytes, byte: int) -> int:
    end = source.find(b"\n", byte)
    return len(source) if end < 0 else end

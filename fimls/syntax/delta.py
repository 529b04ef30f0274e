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
from fimls.syntax.fragment import fragment_around
from fimls.syntax.mends import mends
from fimls.syntax.tree import parse, splice

if TYPE_CHECKING:
    from fimls.syntax.tree import Tree

# Measured on Python's own library: in 2,000 lines a text that fits takes 36 to 50 calls (0.6 ms).
# A call stands for 15 µs where all is in order, but for up to 180 µs where the parser recovers,
# which makes 8 ms at the most.  In 20,000 lines a fitting text takes 240 to 480 calls (5 to 9 ms);
# there it is left at what the fragment says.
_EFFORT: Final = 60

# Visible lines on each side that a fragment has at the least.  Most functions are shorter than 20,
# and 40 are parsed in 0.1 ms; where they are not in order, only the statement is looked at.
_NEAR_LINES: Final = (20, 0)


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
    verdict = _by_fragment(before, change)
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


def _by_fragment(whole: Tree, change: Change) -> Verdict:
    """The verdict on the change in the lines around it alone."""
    verdict = Verdict.UNKNOWN
    for near_lines in _NEAR_LINES:
        fragment = fragment_around(whole, change, near_lines)
        before = parse(fragment.text, whole.grammar, effort=_EFFORT)
        if before is not None and (whole.root.has_error or not before.root.has_error):
            verdict = _in_fragment(before, fragment.change)
        # What is in order as a whole but not in a piece was cut wrongly.
        if verdict is not Verdict.UNKNOWN:
            break
    return verdict


def _in_fragment(before: Tree, change: Change) -> Verdict:
    delta = _delta_of(before, change)
    if delta is None:
        return Verdict.UNKNOWN if before.root.has_error else Verdict.BREAKS
    if delta.adds_nothing:
        return Verdict.FITS
    if not before.root.has_error:
        return Verdict.BREAKS
    if delta.near_before == 0:
        # The fragment may be to blame, and not the change.
        return Verdict.UNKNOWN
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

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
    change = _Change(start, end, text)
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
class _Change:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Delta:
    """How faults differ: those near the change by number, those elsewhere by kind and place.

    What the parser says about a line that is being typed changes with each character; what it
    says about the others should not.
    """

    near_before: int
    near_after: int
    added_far: int

    @property
    def adds_nothing(self) -> bool:
        """Whether the place is in order with the change, and nothing else has got worse."""
        return self.near_after == 0 and self.added_far == 0


def _delta(before: Tree, after: Tree | None, change: _Change) -> _Delta | None:
    if after is None or before.faults is None or after.faults is None:
        return None
    first, last = before.byte(change.start), before.byte(change.end)
    grown = len(after.source) - len(before.source)
    # The lines that the change touches are its neighbourhood.
    first = before.source.rfind(b"\n", 0, first) + 1
    last = _line_end(before.source, last)
    old = [fault for fault in before.faults if _is_far(fault, first, last)]
    new = [fault for fault in after.faults if _is_far(fault, first, last + grown)]
    moved = Counter(_moved(fault, grown if fault.start > last else 0) for fault in old)
    return _Delta(
        near_before=len(before.faults) - len(old),
        near_after=len(after.faults) - len(new),
        added_far=(Counter(new) - moved).total(),
    )


def _is_far(fault: Fault, first: int, last: int) -> bool:
    return fault.end < first or fault.start > last


def _moved(fault: Fault, by: int) -> Fault:
    return Fault(fault.kind, fault.start + by, fault.end + by)


def _line_end(source: bytes, byte: int) -> int:
    end = source.find(b"\n", byte)
    return len(source) if end < 0 else end


def _by_fragment(whole: Tree, change: _Change) -> Verdict:
    """The verdict on the change in the lines around it alone."""
    fragment = fragment_around(whole.text, change.start, change.end, change.text, whole.grammar)
    before = parse(fragment.text, whole.grammar, effort=_EFFORT)
    if before is None or (before.root.has_error and not whole.root.has_error):
        # What is in order as a whole is not so in this piece: it was cut wrongly.
        return Verdict.UNKNOWN
    here = _Change(fragment.start, fragment.end, change.text)
    delta = _delta_of(before, here)
    if delta is None:
        return Verdict.UNKNOWN if before.root.has_error else Verdict.BREAKS
    if delta.adds_nothing:
        return Verdict.FITS
    if not before.root.has_error:
        return Verdict.BREAKS
    if delta.near_before == 0:
        return Verdict.UNKNOWN
    if _is_mendable(before, here):
        return Verdict.FITS
    return Verdict.BREAKS if delta.near_after > delta.near_before else Verdict.UNKNOWN


def _delta_of(before: Tree, change: _Change) -> _Delta | None:
    after = splice(before, change.start, change.end, change.text, _EFFORT)
    return _delta(before, after, change)


def _is_mendable(before: Tree, change: _Change) -> bool:
    """Whether all would be well if what the line and the text have begun were finished."""
    line_start = before.text.rfind("\n", 0, change.start) + 1
    begun = before.text[line_start : change.start] + change.text
    for mend in mends(begun, before.grammar):
        mended = _Change(change.start, change.end, change.text + mend)
        delta = _delta_of(before, mended)
        if delta is not None and delta.adds_nothing:
            return True
    return False

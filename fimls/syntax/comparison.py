"""How the faults of a text differ from those that it had before a change: by kind and place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.syntax.faults import Fault

if TYPE_CHECKING:
    from fimls.syntax.change import Change
    from fimls.syntax.tree import Tree


@dataclass(frozen=True, slots=True)
class Comparison:
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


def compared(before: Tree, after: Tree, change: Change) -> Comparison | None:
    """How the faults differ after a change; None where there are too many to tell."""
    if before.faults is None or after.faults is None:
        return None
    grown = len(after.source) - len(before.source)
    # The lines that the change touches are its neighbourhood.
    first = before.source.rfind(b"\n", 0, before.byte(change.start)) + 1
    last = _line_end(before.source, before.byte(change.end))
    old = [fault for fault in before.faults if _is_far(fault, first, last)]
    new = [fault for fault in after.faults if _is_far(fault, first, last + grown)]
    moved = Counter(_moved(fault, grown if fault.start > last else 0) for fault in old)
    return Comparison(
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

"""Near-equal loops: lines that only count up, and lines that only grow, come without an end."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# How many lines, or groups of lines, that differ in nothing but counting numbers are a loop:
# authors have the machine count long before.
_MOST_COUNTED: Final = 8

# A table has its rows, and a word of 32 bits has as many constants.
_MOST_ROWS: Final = 33

# Lines that recur together, at the most.
_MOST_PERIOD: Final = 4

# Lines of which each is the one before with the same piece put in, as in `a.b`, `a.b.b`, …
_MOST_GROWN: Final = 4
_LEAST_PIECE_CHARS: Final = 3

_NUMBER: Final = re.compile(r"\d+")
_LETTER: Final = re.compile(r"[^\W\d_]")

# What does something, or marks something up; a line without either is one of a table.
_ACTS: Final = re.compile(r"\w\s*\(|<\w")

# A row, an entry, a label, a constant: each is wanted.
_ROW: Final = re.compile(
    r"\s*(?:[\[{(|]|case\b|when\b|#define\b|<(?:option|t[dhr])\b|(?:\w+\s+)*[A-Z][A-Z0-9_]*\b)"
    r"|.*,\Z"
)


def lines_in_loop(lines: Sequence[str]) -> tuple[int, int] | None:
    """How many of the last visible lines are a near-equal loop, and how many are its first round.

    None where they are none.  Numbers count if each goes on by the same, or stays as it is.
    """
    for period in range(1, _MOST_PERIOD + 1):
        copies = _most_copies(lines[-period:])
        if _counts(lines, period, copies):
            return period * copies, period
    return (_MOST_GROWN, 1) if _grows(lines[-_MOST_GROWN:]) else None


def _most_copies(group: Sequence[str]) -> int:
    acts = any(_ACTS.search(line) for line in group)
    return _MOST_ROWS if not acts or any(_ROW.match(line) for line in group) else _MOST_COUNTED


def _counts(lines: Sequence[str], period: int, copies: int) -> bool:
    if len(lines) < period * copies or not any(map(_NUMBER.search, lines[-period:])):
        return False
    return all(
        _is_progression(lines[len(lines) - offset - period * (copies - 1) - 1 :: period][:copies])
        for offset in range(period)
    )


def _is_progression(lines: Sequence[str]) -> bool:
    """Whether lines differ in their numbers only, and these go on by the same from each to each."""
    # Most lines differ from their neighbour in more, and the last two tell.
    if _NUMBER.sub("", lines[-1]) != _NUMBER.sub("", lines[-2]):
        return False
    if len({_NUMBER.sub("0", line) for line in lines}) > 1:
        return False
    numbers = [[int(each) for each in _NUMBER.findall(line)] for line in lines]
    steps = {
        tuple(after - before for before, after in zip(*pair, strict=True))
        for pair in pairwise(numbers)
    }
    return len(steps) == 1


def _grows(lines: Sequence[str]) -> bool:
    """Whether each of these lines is the one before with the same piece put in."""
    grown = {len(after) - len(before) for before, after in pairwise(lines)}
    if len(lines) < _MOST_GROWN or len(grown) > 1 or grown.pop() < _LEAST_PIECE_CHARS:
        return False
    pieces = {_added(before, after) for before, after in pairwise(lines)}
    return len(pieces) == 1 and _LETTER.search(pieces.pop()) is not None


def _added(before: str, after: str) -> str:
    """What was put in, "" where that is not all that has changed."""
    length = len(after) - len(before)
    # Character by character is what is wanted here.
    shared = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
        min(len(before), len(after)),
    )
    return after[shared : shared + length] if after.endswith(before[shared:]) else ""

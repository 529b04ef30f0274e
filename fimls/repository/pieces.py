"""Where a file is cut into pieces that stand together, for finding code like other code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# About what fits on half a screen, and what a prompt can hold several of.
_WHOLE_LINES: Final = 20

# A piece is ended at a statement once it has this many lines.
_ENOUGH_LINES: Final = 12

# Without a statement to end at, as in a table, a piece is ended all the same.
_MOST_LINES: Final = 30


def cut(count: int, statements: Sequence[int]) -> tuple[int, ...]:
    """The lines at which the pieces of a text of `count` lines begin.

    `statements` are the lines at which statements begin, in their order; all count from 0.
    """
    starts = [0]
    last = 0
    for line in (*statements, count):
        while line - starts[-1] > _MOST_LINES:
            # The statement before is the better end, where there is enough above it.
            near = last if last - starts[-1] >= _ENOUGH_LINES else starts[-1] + _WHOLE_LINES
            starts.append(near)
        if line - starts[-1] >= _WHOLE_LINES and line < count:
            starts.append(last if last - starts[-1] >= _ENOUGH_LINES else line)
        last = line
    return tuple(starts)


def pieces_of(text: str, starts: Sequence[int]) -> list[str]:
    """The pieces of a text that begin at these lines, without blanks at their ends."""
    lines = text.split("\n")
    spans = zip(starts, [*starts[1:], len(lines)], strict=True)
    return ["\n".join(lines[start:end]).rstrip() for start, end in spans]

"""The line that an offset is in, in a text with LF line ends: its begin, its end, its number.

For a few questions about a text; who asks about many lines of one has `LineStarts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset begins; an offset at a line's end is in that line."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends: before its line end, or with the text."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def next_line(text: str, offset: int) -> int:
    """Where the line after that of an offset begins; the end of the text where there is none."""
    return min(line_end(text, offset) + 1, len(text))


def visible_above(text: str, end: int) -> Iterator[str]:
    """The visible lines above an offset, nearest first; of its own what stands before it."""
    while end >= 0:
        start = line_start(text, end)
        if (line := text[start:end]).strip():
            yield line
        end = start - 1


def visible_below(text: str, start: int) -> Iterator[str]:
    """The visible lines from an offset on, nearest first; of its own what stands behind it."""
    while start < len(text):
        end = line_end(text, start)
        if (line := text[start:end]).strip():
            yield line
        start = end + 1


def line_number(text: str, offset: int) -> int:
    """The number of the line of an offset, as people count: from 1."""
    return text.count("\n", 0, offset) + 1

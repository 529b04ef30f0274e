"""Lines on the command line: FILE:START[-END], 1-based, and the range of text that they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fimls.errors import InputError
from fimls.text.positions import LineIndex

_SPAN = re.compile(r"(?P<path>.+?):(?P<first>\d{1,18})(?:-(?P<last>\d{1,18}))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a file, 1-based, the last one included; one line alone has no `last`."""

    path: Path
    first: int
    last: int | None = None


def span_of(text: str) -> Span:
    """Reads FILE:START[-END]; raises `InputError` for anything else."""
    match = _SPAN.match(text)
    if match is None:
        raise InputError(f"lines are FILE:START or FILE:START-END, not {text!r}")
    last = match["last"]
    return Span(Path(match["path"]), int(match["first"]), int(last) if last else None)


def range_of(span: Span, text: str, *, at_cursor: bool) -> tuple[int, int]:
    """The offsets of the lines in a text with LF line ends, the last line's end left out.

    `at_cursor`: one line alone is a cursor at its end.  Raises `InputError` where the text has no
    such lines.
    """
    lines = LineIndex(text)
    last = span.first if span.last is None else span.last
    for line in (span.first, last):
        if not 1 <= line <= lines.count:
            raise InputError(f"{span.path} has {lines.count} lines, there is no line {line}")
    if last < span.first:
        raise InputError(f"the lines {span.first}-{last} end before they begin")
    end = lines.line_start(last - 1) + len(lines.line(last - 1))
    return (end if at_cursor and span.last is None else lines.line_start(span.first - 1)), end

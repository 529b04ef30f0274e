"""A large Python file that is the same each time, and the ways in which a text can be broken."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

_BODY_LINES = 10

# What editors show as one function: its first line, its body, and a blank line.
_FUNCTION_LINES = _BODY_LINES + 2

_BODY = """\
    rows = [row for row in table if row.kind == "{noun}"]
    total_{n} = 0
    for index, row in enumerate(rows):
        if row.weight > {n} and row.{noun} is not None:
            total_{n} += row.weight * factor
        else:
            skipped.append((index, row.{noun}))
    mean_{n} = total_{n} / max(1, len(rows))
    log.debug("{noun} %s of %s rows", mean_{n}, len(rows))
    return Summary("{noun}", total_{n}, mean_{n}, tuple(skipped))
"""

_NOUNS = ("order", "ticket", "parcel", "invoice", "payment", "reader", "volume")

_HEAD = '''\
"""Summaries of a warehouse's tables."""

import logging
from collections import namedtuple

Summary = namedtuple("Summary", "kind total mean skipped")
log = logging.getLogger(__name__)
skipped: list[tuple[int, object]] = []

'''

BREAKS = (
    "    values = sorted(\n",
    "    title = 'not closed\n",
    "    for row in\n",
)
"""Lines that leave the text broken: an open bracket, an open string, half a statement."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the file: the offsets where its body begins and ends, its last LF included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Specimen:
    """The file and its functions."""

    text: str
    functions: tuple[Function, ...]


def specimen(lines: int) -> Specimen:
    """A module of about that many lines, of which nothing is left to chance."""
    count = (lines - _HEAD.count("\n")) // _FUNCTION_LINES
    parts = [_function(n) for n in range(count)]
    starts = accumulate((len(head + body) + 1 for head, body in parts), initial=len(_HEAD))
    functions = tuple(
        Function(start + len(head), start + len(head + body))
        for start, (head, body) in zip(starts, parts, strict=False)
    )
    return Specimen(_HEAD + "".join(f"{head}{body}\n" for head, body in parts), functions)


def _function(n: int) -> tuple[str, str]:
    noun = _NOUNS[n % len(_NOUNS)]
    return f"def summary_{n}(table, factor=1.0):\n", _BODY.format(n=n, noun=noun)

"""A fragment: the lines that a place in a text depends on, few enough to be parsed at once.

They are the lines near the place, and of all that is further out only those that open and close
what the place is in.  Indentation tells which these are, in every language alike, and also where
the text does not parse.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.syntax.brackets import closers_of
from fimls.syntax.kinds import LONG_QUOTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Lines on each side that are looked at: 0.5 µs for each of them makes 1 ms, and what is further
# away is seldom more than the header of a class, which hardly matters.
_MOST_LINES: Final = 2000

# Lines on each side that are kept at the most.  More are wanted where the place is in a long string
# that does not end, and these cost the parser 0.3 ms.
_MOST_KEPT: Final = 200

# Lines that the header of a function is spread over at the most.
_MOST_HEADER_LINES: Final = 12

# What begins a line that belongs to an earlier one of the same indentation.
_GOES_ON: Final = re.compile(
    r"[)\]}]|</|\{\s*$|(?:end|fi|done|esac|else|elif|elsif|elseif|except|finally|catch|rescue"
    r"|ensure|then|do|when|case|default|until)\b"
)

# What of this opens something again.
_REOPENS: Final = re.compile(
    r"[)\]}\s]*(?:else|elif|elsif|elseif|except|finally|catch|rescue|ensure|then|do|when|case"
    r"|default)\b|.*[({\[:]\s*$"
)

# Tabs count as the next multiple of this many columns, as Python reads them.
_TAB_COLUMNS: Final = 8

# What a text in a grammar has to begin with to be code.
_LEADS: Final = {"php": "<?php"}


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some lines of a text; `start` and `end` are the place in them (offsets)."""

    text: str
    start: int
    end: int


def fragment_around(
    text: str, start: int, end: int, inserted: str, grammar: str, near_lines: int
) -> Fragment:
    """The fragment for the place from `start` up to `end` (offsets) of a text in a grammar.

    `near_lines` visible lines are kept on each side at the least, and more until nothing is torn.
    It is the text without `inserted`, which only tells which strings and brackets are open then.
    """
    line_start = text.rfind("\n", 0, start) + 1
    line_end = _line_end(text, end)
    own = text[line_start:line_end]
    level = _width(own) if own.strip() else math.inf
    quotes = LONG_QUOTES.get(grammar, ())
    filled = text[:start] + inserted + text[end:line_end]
    reach = _Reach(near_lines, level, grammar)
    above = _above(_upwards(text, line_start), level, _Strings(quotes, text[:line_start]))
    below = _below(_downwards(text, line_end), level, _Strings(quotes, filled))
    head = "\n".join((*above, ""))
    lead = _LEADS.get(grammar, "")
    if lead and lead not in head:
        head = f"{lead}\n{head}"
    tail = "\n".join(("", *below, _left_open(head, filled[line_start:], below, grammar), ""))
    offset = len(head) - line_start
    return Fragment(head + own + tail, start + offset, end + offset)


class _Strings:
    """Follows lines in either direction, and knows whether the last was within a long string."""

    def __init__(self, quotes: tuple[str, ...], before: str) -> None:
        self._odd = {quote: before.count(quote) % 2 for quote in quotes}

    def are_open_past(self, line: str) -> bool:
        """Whether a long string goes on past a line, in the direction of the walk."""
        for quote in self._odd:
            self._odd[quote] ^= line.count(quote) % 2
        return any(self._odd.values())


def _above(lines: Iterable[str], level: float, strings: _Strings, grammar: str) -> list[str]:
    """The lines above that are kept, top first; `lines` come nearest first."""
    kept: list[str] = []
    skipped: list[str] = []
    least, keeping = level, True
    for count, line in enumerate(islice(lines, _MOST_LINES)):
        width, in_string = _width(line), strings.are_open_past(line)
        if keeping or width < least:
            kept += _rest_of_header(line, skipped, grammar)
            kept.append(line)
            least = min(least, width)
            # It has to begin with a line that nothing before it is needed for.
            keeping = count < _NEAR_LINES or width > least or in_string or _goes_on(line)
            skipped.clear()
        else:
            skipped.append(line)
        if (least == 0 and not keeping) or len(kept) > _MOST_KEPT:
            break
    return kept[::-1]


def _rest_of_header(line: str, skipped: list[str], grammar: str) -> list[str]:
    """The lines after a header that belong to it, last first, as the skipped ones come."""
    rest: list[str] = []
    header = line
    for following in islice(reversed(skipped), _MOST_HEADER_LINES):
        if closers_of(header, grammar)[:1] not in (")", "]"):
            return rest[::-1]
        header += f"\n{following}"
        rest.append(following)
    return []


def _left_open(head: str, filled: str, below: list[str], grammar: str) -> str:
    """The closers that were cut off: of brackets that the lines above open and none closes."""
    missing = closers_of("\n".join((head, filled, *below)), grammar)
    return missing[max(0, len(missing) - len(closers_of(head, grammar))) :]


def _below(lines: Iterable[str], level: float, strings: _Strings) -> list[str]:
    """The lines below that are kept; they end where something else begins."""
    kept: list[str] = []
    least, keeping, in_string = level, True, strings.are_open_past("")
    for count, line in enumerate(islice(lines, _MOST_LINES)):
        width, goes_on = _width(line), in_string or _goes_on(line)
        in_string = strings.are_open_past(line)
        if keeping and (count < _NEAR_LINES or width > least or goes_on):
            kept.append(line)
        elif width < least and goes_on:
            kept.append(line)
            keeping = _REOPENS.match(line.strip()) is not None
        else:
            keeping = False
        least = min(least, width)
        if (least == 0 and not keeping) or len(kept) > _MOST_KEPT:
            break
    return kept


def _upwards(text: str, line_start: int) -> Iterator[str]:
    """The visible lines above a line, nearest first."""
    end = line_start - 1
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        if line := text[start:end].rstrip():
            yield line
        end = start - 1


def _downwards(text: str, line_end: int) -> Iterator[str]:
    """The visible lines below a line."""
    start = line_end + 1
    while start < len(text):
        end = _line_end(text, start)
        if line := text[start:end].rstrip():
            yield line
        start = end + 1


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _goes_on(line: str) -> bool:
    return _GOES_ON.match(line.lstrip()) is not None


def _width(line: str) -> int:
    blanks = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blanks.expandtabs(_TAB_COLUMNS))

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
from fimls.syntax.change import Change
from fimls.syntax.kinds import LONG_QUOTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Lines on each side that are looked at: 0.5 µs for each of them makes 1 ms, and what is further
# away is seldom more than the header of a class, which hardly matters.
_MOST_LINES: Final = 2000

# Lines on each side that are kept at the most.  More are wanted where the place is in a long string
# that does not end, and these cost the parser 0.2 ms.
_MOST_KEPT: Final = 120

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
class Whole:
    """The text that a fragment is cut from; `has_error` unless it is known to be in order."""

    text: str
    grammar: str
    has_error: bool


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some lines of a text, and the change to it as a change to them."""

    text: str
    change: Change


def fragment_around(whole: Whole, change: Change, near_lines: int) -> Fragment:
    """The fragment for a change to a text, without the change.

    `near_lines` visible lines are kept on each side at the least, and more until nothing is torn.
    """
    text, start, end = whole.text, change.start, change.end
    line_start, line_end = text.rfind("\n", 0, start) + 1, _line_end(text, end)
    own = text[line_start:line_end]
    changed = text[:start] + change.text + text[end:line_end]
    walk = _Walk(whole.grammar, _width(own) if own.strip() else math.inf, near_lines)
    above = walk.upwards(_lines_above(text, line_start), text[:line_start])
    below = walk.downwards(_lines_below(text, line_end), changed)
    lead = _LEADS.get(whole.grammar, "")
    if lead and not any(lead in line for line in above):
        above.insert(0, lead)
    head = "".join(f"{line}\n" for line in above)
    cut = _cut_off(head, "\n".join((changed[line_start:], *below)), whole.grammar)
    tail = "\n".join(("", *below, cut, ""))
    moved = len(head) - line_start
    return Fragment(head + own + tail, Change(start + moved, end + moved, change.text))


@dataclass(frozen=True, slots=True)
class _Walk:
    """Goes from the place outwards, line by line, and keeps what matters.

    `level` is the indentation to begin with, in columns; it falls with each line that is less
    indented than all before.
    """

    grammar: str
    level: float
    near_lines: int

    def upwards(self, lines: Iterable[str], before: str) -> list[str]:
        """The lines above that are kept, top first; `lines` come nearest first."""
        kept: list[str] = []
        skipped: list[str] = []
        strings = _Strings(self.grammar, before)
        level, keeping = self.level, True
        for count, line in enumerate(islice(lines, _MOST_LINES)):
            width, in_string = _width(line), strings.are_open_past(line)
            if keeping or width < level:
                kept += _rest_of_header(line, skipped, self.grammar)
                kept.append(line)
                level = min(level, width)
                # It has to begin with a line that nothing before it is needed for.
                keeping = count < self.near_lines or width > level or in_string or _goes_on(line)
                skipped.clear()
            else:
                skipped.append(line)
            if (level == 0 and not keeping) or len(kept) > _MOST_KEPT:
                break
        return kept[::-1]

    def downwards(self, lines: Iterable[str], before: str) -> list[str]:
        """The lines below that are kept; they end where something else begins."""
        kept: list[str] = []
        strings = _Strings(self.grammar, before)
        level, keeping, in_string = self.level, True, strings.are_open_past("")
        for count, line in enumerate(islice(lines, _MOST_LINES)):
            width, goes_on = _width(line), in_string or _goes_on(line)
            in_string = strings.are_open_past(line)
            if keeping and (count < self.near_lines or width > level or goes_on):
                kept.append(line)
            elif width < level and goes_on:
                kept.append(line)
                keeping = _REOPENS.match(line.strip()) is not None
            else:
                keeping = False
            level = min(level, width)
            if (level == 0 and not keeping) or len(kept) > _MOST_KEPT:
                break
        return kept


class _Strings:
    """Follows lines in either direction, and knows whether the last was within a long string."""

    def __init__(self, grammar: str, before: str) -> None:
        quotes = LONG_QUOTES.get(grammar, ())
        self._odd = {quote: before.count(quote) % 2 for quote in quotes}

    def are_open_past(self, line: str) -> bool:
        """Whether a long string goes on past a line, in the direction of the walk."""
        for quote in self._odd:
            self._odd[quote] ^= line.count(quote) % 2
        return any(self._odd.values())


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


def _cut_off(head: str, rest: str, grammar: str) -> str:
    """The closers that were not kept: of brackets that the lines above open and none closes."""
    missing = closers_of(head + rest, grammar)
    return missing[max(0, len(missing) - len(closers_of(head, grammar))) :]


def _lines_above(text: str, line_start: int) -> Iterator[str]:
    """The visible lines above a line, nearest first."""
    end = line_start - 1
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        if line := text[start:end].rstrip():
            yield line
        end = start - 1


def _lines_below(text: str, line_end: int) -> Iterator[str]:
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

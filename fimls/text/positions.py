"""Positions as the language server protocol has them, in all three of its encodings, and offsets.

A position counts lines and code units; an offset counts code points.  A text's positions are the
same whatever its line ends are, so those made for the raw text hold for the text with LF.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.text.line_starts import LineStarts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Encoding(StrEnum):
    """What a position's `character` counts: bytes, 16-bit units or code points."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place before a character: both numbers begin at 0."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Range:
    """The text from `start` up to `end`, which is not part of it."""

    start: Position
    end: Position


def column(line: str, character: int, encoding: Encoding) -> int:
    """The code points before a position on a line (given without its end).

    A position beyond the line means its end, and one inside a character means before it.
    """
    last = min(max(character, 0), len(line))
    units = _UNITS[encoding]
    # No character is less than one unit, so the column is at most `last`; nearly always it is it.
    if line.isascii() or units(line[:last]) <= character:
        return last
    return bisect_right(range(last + 1), character, key=lambda at: units(line[:at])) - 1


def character(line: str, column: int, encoding: Encoding) -> int:
    """The code units before a column (in code points, clamped) of a line (without its end)."""
    return _UNITS[encoding](line[: max(column, 0)])


class LineIndex:
    """Where the lines of a text (with LF line ends only) begin.

    A text that ends with LF has an empty last line, as editors show it; "" has one line.  Whoever
    knows the `starts` of the lines already saves looking for them.
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str, starts: LineStarts | None = None) -> None:
        self._text = text
        self._starts = starts or LineStarts(len(line) + 1 for line in text.split("\n"))

    @property
    def count(self) -> int:
        """The number of lines, at least one."""
        return self._starts.count

    def line(self, number: int) -> str:
        """A line (0-based) without its LF; "" for one that does not exist."""
        if not 0 <= number < self.count:
            return ""
        return self._text[self._starts.start(number) : self._starts.start(number + 1) - 1]

    def line_start(self, number: int) -> int:
        """The offset of a line's first character; beyond the last line, the end of the text."""
        if number >= self.count:
            return len(self._text)
        return self._starts.start(max(number, 0))

    def offset(self, position: Position, encoding: Encoding) -> int:
        """The offset of a position; one beyond its line or the text means that one's end."""
        if position.line < 0:
            return 0
        within = column(self.line(position.line), position.character, encoding)
        return self.line_start(position.line) + within

    def position(self, offset: int, encoding: Encoding) -> Position:
        """The position of an offset; one outside the text means its nearest end."""
        within = min(max(offset, 0), len(self._text))
        number = self._starts.line_at(within)
        start = self._starts.start(number)
        return Position(number, _UNITS[encoding](self._text[start:within]))


def _utf8_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", _HALVES))


def _utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", _HALVES)) // 2


_HALVES: Final = "surrogatepass"
# JSON can carry half of a surrogate pair.  It is a unit like others, and no reason to fail.

_UNITS: Final[Mapping[Encoding, Callable[[str], int]]] = {
    Encoding.UTF8: _utf8_units,
    Encoding.UTF16: _utf16_units,
    Encoding.UTF32: len,
}

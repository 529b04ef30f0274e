"""The lines around a place that it depends on, told from how they are indented.

They are the lines near it, and of all that is further out only those that open and close what it
is in.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fimls.syntax.brackets import closers_of
from fimls.syntax.ends import Within, within_at
from fimls.syntax.lines import (
    closes_by_words,
    end_of_line,
    ends_block,
    goes_on,
    indentation,
    is_aside,
    is_label,
    is_unfinished,
    may_open,
    reopens,
    skip_above,
    skip_below,
    width,
)
from fimls.text.brackets import balance
from fimls.text.languages import language_of_grammar

if TYPE_CHECKING:
    from fimls.text.brackets import Balance
    from fimls.text.language import Language

# Lines on each side that are looked at (1 µs each), and such above as are skipped at a time because
# they are too deep (0.2 µs).  What is further away is the header of a class at the most.
_MOST_LINES: Final = 1000
_MOST_SKIPPED: Final = 5000

# Lines and characters on each side that are kept at the most: the parser takes 0.3 ms for these.
_MOST_KEPT: Final = 80
_MOST_CHARS: Final = 4500

# Lines that the header of a function, or a statement in brackets, is spread over at the most.
_MOST_HEADER_LINES: Final = 12
_MOST_STATEMENT_LINES: Final = 40

_OPENERS: Final = {")": "(", "]": "[", "}": "{"}

# What begins blocks that are not indented, so that nothing shows where they end.
_FLAT: Final = re.compile(r"^\s*(?:inline )?namespace\b|^extern \"C\" \{", re.MULTILINE)

# What a line has that opens or closes something.
_TELLING: Final = re.compile(r"[()\[\]{}\"'`/*#-]")

# Lines that are gone back to the begin of a string or comment; it is made up if that is further.
_MOST_SOUGHT: Final = 40


@dataclass(frozen=True, slots=True)
class Above:
    """The lines above that are kept, top first; the near ones, from the offset `top`, in a row.

    `opener` begins the string or comment that the near ones begin in, "" for none.
    """

    headers: tuple[str, ...]
    near: tuple[str, ...]
    top: int
    opener: str


@dataclass(frozen=True, slots=True)
class Below:
    """The lines below that are kept; the near ones, up to the offset `bottom`, in a row.

    `is_cut`: there would have been more.
    """

    near: tuple[str, ...]
    footers: tuple[str, ...]
    bottom: int
    is_cut: bool


# Of a place several fragments are made, and of each several texts are judged.
@lru_cache(maxsize=4)
def above(text: str, start: int, first: str, grammar: str, near: int, *, as_code: bool) -> Above:
    """The lines above the line `first`, which begins at the offset `start`.

    They begin with one that nothing before it is needed for; `near` visible ones are kept at the
    least.  With `as_code` none is taken to be in a string or comment that begins further up.
    """
    within = within_at(text, start, "" if as_code else grammar)
    walk = _Up(text, grammar, near, within, start, _level(first, grammar), first)
    walk.opener, walk.blanks = within.at(start), indentation(first)
    for _ in range(_MOST_LINES):
        if walk.may_skip:
            start = skip_above(text, start, walk.blanks, _MOST_SKIPPED)
        if start == 0:
            break
        begin = text.rfind("\n", 0, start - 1) + 1
        line = text[begin : start - 1].rstrip()
        if line and not walk.take(line, begin):
            break
        start = begin
    return walk.found


def below(text: str, end: int, head: str, own: str, grammar: str, near: int) -> Below:
    """The lines below a place that ends with the offset `end`, up to where something else begins.

    `own` is the line that ends there, or the lines that the change makes of it; `head` stands
    above it.
    """
    last = own.rstrip().rpartition("\n")[2]
    walk = _Down(grammar, near, _Statement(head, own, grammar), last, end, _level(last, grammar))
    walk.has_words = closes_by_words(head, grammar)
    walk.has_flat = grammar in ("c", "cpp") and _FLAT.search(head) is not None
    for _ in range(_MOST_LINES):
        if walk.may_skip:
            skipped = skip_below(text, end, walk.blanks)
            walk.has_gap = walk.has_gap or skipped > end
            end = skipped
        if end >= len(text):
            break
        bottom = end_of_line(text, end + 1)
        line = text[end + 1 : bottom].rstrip()
        if line and not walk.take(line, bottom):
            break
        end = bottom
    return walk.found


def _level(line: str, grammar: str) -> float:
    return width(line, grammar) if line.strip() else math.inf


@dataclass
class _Up:
    """Goes up line by line.

    `level` is the indentation of the place, in columns; it falls with each line that is less
    indented than all before.  Lines that begin with `blanks` are no less indented.
    """

    text: str
    grammar: str
    near_lines: int
    within: Within
    top: int
    level: float
    last: str
    blanks: str = ""
    opener: str = ""
    limit: int = 0
    sought: int = 0
    near: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    chars: int = 0
    # Whether the last line needs what stands above it, whether more is wanted, and whether nothing
    # was skipped since.
    is_torn: bool = False
    is_open: bool = True
    is_next: bool = True
    is_far: bool = False

    @property
    def found(self) -> Above:
        """What was kept."""
        return Above(tuple(self.headers[::-1]), tuple(self.near[::-1]), self.top, self.opener)

    @property
    def may_skip(self) -> bool:
        """Whether lines that begin with `blanks` are of no interest."""
        is_busy = self.is_open or self.is_next or self._seeks
        return self.is_far and bool(self.blanks) and not is_busy

    @property
    def _seeks(self) -> bool:
        """Whether the begin of the string or comment is looked for that the near lines are in."""
        return bool(self.opener) and self.sought < _MOST_SOUGHT

    def take(self, line: str, begin: int) -> bool:
        """Takes in the next line; whether there is more to look for."""
        columns, is_beside = width(line, self.grammar), is_aside(line, self.grammar)
        is_wanted = self.is_open or (self.is_next and is_unfinished(line, self.last, self.grammar))
        self.is_far = self.is_far or not (is_wanted or is_beside)
        is_less = columns < self.level and not is_beside and may_open(line, self.grammar)
        # Text in a string or comment is indented as it pleases.
        within = self.within.at(begin) if is_wanted or is_less or self._seeks else ""
        begins = self._seeks and not within
        if is_wanted or begins or (is_less and not within):
            if not is_beside:
                self._lower(line, columns)
            self._keep(line, begin, within)
        else:
            self.is_next = self.is_next and is_beside and self.level > 0
        self.sought += self.is_far
        count = len(self.near) + len(self.headers)
        is_done = self.level == 0 and not (self.is_open or self.is_next or self._seeks)
        return not is_done and count <= _MOST_KEPT and self.chars <= _MOST_CHARS

    def _lower(self, line: str, columns: int) -> None:
        if columns < self.level:
            self.level, self.blanks = columns, _blanks(line, columns)
        self.is_torn = columns > self.level or goes_on(line, self.grammar)

    def _keep(self, line: str, begin: int, within: str) -> None:
        if self.is_far:
            rest = _rest_of_header(self.text, begin, self.limit, self.grammar)
            self.headers += (*rest, line)
            self.opener = within and self.opener
        else:
            self.near.append(line)
            self.top, self.opener = begin, within
        self.chars += len(line)
        self.is_open = self.is_torn or (not self.is_far and len(self.near) < self.near_lines)
        self.is_next, self.last, self.limit = True, line, begin


@dataclass
class _Down:
    """Goes down line by line; `level` is the indentation of what is still to be closed.

    Lines that begin with `blanks` are no less indented.
    """

    grammar: str
    near_lines: int
    statement: _Statement
    last: str
    bottom: int
    level: float
    blanks: str = ""
    near: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    chars: int = 0
    # Whether blocks may end otherwise than with brackets, and whether some are not indented.
    has_words: bool = True
    has_flat: bool = False
    keeps: bool = True
    has_gap: bool = False
    is_done: bool = False

    @property
    def found(self) -> Below:
        """What was kept."""
        is_flat = self.has_flat and self.statement.is_in_block
        is_cut = not self.is_done or self.statement.is_open or is_flat
        return Below(tuple(self.near), tuple(self.footers), self.bottom, is_cut)

    @property
    def may_skip(self) -> bool:
        """Whether lines that begin with `blanks` are of no interest."""
        return bool(self.blanks) and not self.keeps

    def take(self, line: str, end: int) -> bool:
        """Takes in the next line; whether there is more to look for."""
        columns, is_part = width(line, self.grammar), goes_on(line, self.grammar)
        if self.keeps and (is_part or self._is_wanted(line, columns)) and not self._ends_all(line):
            self._keep(line, end)
            if not is_aside(line, self.grammar):
                self._lower(line, columns)
        elif ends_block(line) and columns < self.level:
            self._keep(line, end)
            self.keeps = reopens(line)
            self._lower(line, columns)
        elif is_aside(line, self.grammar):
            self.keeps = self.keeps and self.level > 0
        else:
            # A label is no deeper than what closes the block that it is in.
            self.keeps, self.has_gap = False, True
            self._lower(line, columns + self._is_label(line))
        self.is_done = not (self.keeps or self._may_be_closed)
        count = len(self.near) + len(self.footers)
        return not self.is_done and count <= _MOST_KEPT and self.chars <= _MOST_CHARS

    @property
    def _may_be_closed(self) -> bool:
        """Whether further down there may be an end of what the lines above begin."""
        return self.level > 0 and (self.has_words or self.statement.is_in_block)

    def _lower(self, line: str, columns: int) -> None:
        if columns <= self.level:
            self.level = columns
            self.blanks = _blanks(line, columns) if columns == width(line, self.grammar) else ""

    def _is_label(self, line: str) -> bool:
        return self.statement.is_in_block and is_label(line, self.grammar)

    def _ends_all(self, line: str) -> bool:
        """Whether a line closes what none of the lines that are kept has opened."""
        return line.lstrip().startswith("}") and not self.statement.is_in_block

    def _is_wanted(self, line: str, columns: int) -> bool:
        return (
            columns > self.level
            or (columns == self.level and self._is_label(line))
            or len(self.near) < self.near_lines
            or (self.statement.is_open and columns >= self.level)
            or self.statement.is_in_string
            or (bool(self.last) and is_unfinished(self.last, line, self.grammar))
        )

    def _keep(self, line: str, end: int) -> None:
        if self.has_gap:
            self.footers += (*_filler(self.last, line, self.grammar), line)
        elif self.footers:
            self.footers.append(line)
        else:
            self.near.append(line)
            self.bottom = end
        self.statement.feed(line)
        self.last, self.has_gap = line, False
        self.chars += len(line)


class _Statement:
    """Follows lines, and knows whether a round or square bracket, or a string, is open."""

    _left = _MOST_STATEMENT_LINES

    def __init__(self, head: str, own: str, grammar: str) -> None:
        self._language = language_of_grammar(grammar)
        found = _opened(head, self._language)
        self._open, self._quote = found.unclosed, found.quote
        self.feed(own)

    @property
    def is_open(self) -> bool:
        """Whether the next line belongs to the same statement, if it is no less indented."""
        return self._left > 0 and self._open[-1:] in ("(", "[")

    @property
    def is_in_string(self) -> bool:
        """Whether the next line begins in a string or a comment."""
        return self._left > 0 and bool(self._quote)

    @property
    def is_in_block(self) -> bool:
        """Whether a bracket of any kind is open."""
        return bool(self._open)

    def feed(self, line: str) -> None:
        """Takes in the next line, without its end."""
        self._left -= 1
        if not self._quote and _TELLING.search(line) is None:
            return
        found = balance(f"{line}\n", self._language, self._quote)
        for closer in found.unmatched:
            # What matches nothing, as in a pattern of bash's `case`, closes nothing.
            self._open = self._open.removesuffix(_OPENERS[closer])
        self._open += found.unclosed
        self._quote = found.quote


# Several texts are judged at a place, and what stands above it stays.
@lru_cache(maxsize=4)
def _opened(head: str, language: Language) -> Balance:
    return balance(head, language)


def _blanks(line: str, columns: int) -> str:
    """Blanks of which all lines that begin with them are at least as deep as a line counts."""
    blanks = indentation(line)
    return blanks + " " if columns > width(blanks) else blanks


def _rest_of_header(text: str, begin: int, limit: int, grammar: str) -> list[str]:
    """The lines after a header, before the offset `limit`, that belong to it, last first."""
    end = end_of_line(text, begin)
    header = text[begin:end]
    rest: list[str] = []
    while closers_of(header, grammar)[:1] == ")":
        start, end = end + 1, end_of_line(text, end + 1)
        if start >= limit or len(rest) == _MOST_HEADER_LINES:
            return []
        rest.append(text[start:end].rstrip())
        header += f"\n{rest[-1]}"
    return rest[::-1]


def _filler(before: str, closer: str, grammar: str) -> tuple[str, ...]:
    """What has to stand for skipped lines, where no comma may come before a closer."""
    if grammar != "json" or not before.endswith(","):
        return ()
    return ('"": 0',) if closer.lstrip().startswith("}") else ("0",)

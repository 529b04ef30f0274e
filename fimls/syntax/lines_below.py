"""The lines below a place that it depends on, told from how they are indented.

They are the lines near it, and of all that is further out only those that close what it is in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from fimls.syntax.lines import (
    MOST_KEPT,
    MOST_KEPT_CHARS,
    MOST_LOOKED_AT,
    blanks_of,
    closes_by_words,
    ends_block,
    goes_on,
    is_aside,
    is_label,
    is_unfinished,
    level_of,
    reopens,
    skip_below,
    width,
)
from fimls.syntax.statement import Statement
from fimls.text.line_bounds import line_end

# What begins blocks that are not indented, so that nothing shows where they end.
_FLAT: Final = re.compile(r"^\s*(?:inline )?namespace\b|^extern \"C\" \{", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Below:
    """The lines below that are kept; the near ones, up to the offset `bottom`, in a row.

    `is_cut`: there would have been more.
    """

    near: tuple[str, ...]
    footers: tuple[str, ...]
    bottom: int
    is_cut: bool


def below(text: str, end: int, head: str, own: str, grammar: str, near: int) -> Below:
    """The lines below a place that ends with the offset `end`, up to where something else begins.

    `own` is the line that ends there, or the lines that the change makes of it; `head` stands
    above it.
    """
    last = own.rstrip().rpartition("\n")[2]
    walk = _Down(grammar, near, Statement(head, own, grammar), last, end, level_of(last, grammar))
    walk.has_words = closes_by_words(head, grammar)
    walk.has_flat = grammar in ("c", "cpp") and _FLAT.search(head) is not None
    for _ in range(MOST_LOOKED_AT):
        if walk.may_skip:
            skipped = skip_below(text, end, walk.blanks)
            walk.has_gap = walk.has_gap or skipped > end
            end = skipped
        if end >= len(text):
            break
        bottom = line_end(text, end + 1)
        line = text[end + 1 : bottom].rstrip()
        if line and not walk.take(line, bottom):
            break
        end = bottom
    return walk.found


@dataclass
class _Down:
    """Goes down line by line; `level` is the indentation of what is still to be closed.

    Lines that begin with `blanks` are no less indented.
    """

    grammar: str
    near_lines: int
    statement: Statement
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
        return not self.is_done and count <= MOST_KEPT and self.chars <= MOST_KEPT_CHARS

    @property
    def _may_be_closed(self) -> bool:
        """Whether further down there may be an end of what the lines above begin."""
        return self.level > 0 and (self.has_words or self.statement.is_in_block)

    def _lower(self, line: str, columns: int) -> None:
        if columns <= self.level:
            self.level = columns
            self.blanks = blanks_of(line, columns) if columns == width(line, self.grammar) else ""

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


def _filler(before: str, closer: str, grammar: str) -> tuple[str, ...]:
    """What has to stand for skipped lines, where no comma may come before a closer."""
    if grammar != "json" or not before.endswith(","):
        return ()
    return ('"": 0',) if closer.lstrip().startswith("}") else ("0",)

"""The lines above a place that it depends on, told from how they are indented.

They are the lines near it, and of all that is further out only those that open what it is in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from fimls.syntax.brackets import closers_of
from fimls.syntax.ends import Within, within_at
from fimls.syntax.lines import (
    MOST_KEPT,
    MOST_KEPT_CHARS,
    MOST_LOOKED_AT,
    blanks_of,
    goes_on,
    is_aside,
    is_unfinished,
    level_of,
    may_open,
    skip_above,
    width,
)
from fimls.text.line_bounds import line_end
from fimls.text.shift import indentation

# Lines that are skipped at a time because they are too deep (0.2 µs each).  What is further away is
# the header of a class at the most.
_MOST_SKIPPED: Final = 5000

# Lines that the header of a function is spread over at the most.
_MOST_HEADER_LINES: Final = 12

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


# Of a place several fragments are made, and of each several texts are judged.
@lru_cache(maxsize=4)
def above(text: str, start: int, first: str, grammar: str, near: int, *, as_code: bool) -> Above:
    """The lines above the line `first`, which begins at the offset `start`.

    They begin with one that nothing before it is needed for; `near` visible ones are kept at the
    least.  With `as_code` none is taken to be in a string or comment that begins further up.
    """
    within = within_at(text, start, "" if as_code else grammar)
    walk = _Up(text, grammar, near, within, start, level_of(first, grammar), first)
    walk.opener, walk.blanks = within.at(start), indentation(first)
    for _ in range(MOST_LOOKED_AT):
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
        return not is_done and count <= MOST_KEPT and self.chars <= MOST_KEPT_CHARS

    def _lower(self, line: str, columns: int) -> None:
        if columns < self.level:
            self.level, self.blanks = columns, blanks_of(line, columns)
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


def _rest_of_header(text: str, begin: int, limit: int, grammar: str) -> list[str]:
    """The lines after a header, before the offset `limit`, that belong to it, last first."""
    end = line_end(text, begin)
    header = text[begin:end]
    rest: list[str] = []
    while closers_of(header, grammar)[:1] == ")":
        start, end = end + 1, line_end(text, end + 1)
        if start >= limit or len(rest) == _MOST_HEADER_LINES:
            return []
        rest.append(text[start:end].rstrip())
        header += f"\n{rest[-1]}"
    return rest[::-1]

"""Unified diffs as models write them: headers wrong or missing, leading blanks lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from fimls.text.hunks import Header, Hunk, Line, Mark

_NUMBERS: Final = re.compile(r"@@+ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")

# The header of a hunk, with numbers, words or nothing in it; a class variable of Ruby is none.
_BEGINS: Final = re.compile(r"@@+(?:\s|$)")

_FENCE: Final = re.compile(r"\s*(?:`{3,}|~{3,})")

# `*** Update File: a.py` is how some models were taught to name a file.
_PATCHED_FILE: Final = re.compile(r"\*\*\* (?:Update|Add|Delete) File: (.+)")

# What ends a hunk and begins nothing.
_ENDS: Final = ("diff --git ", "*** Begin Patch", "*** End Patch", "*** End of File", "Index: ")

_NOWHERE: Final = "/dev/null"

_DATE: Final = re.compile(r"\t.*|\s+\d{4}-\d\d-\d\d .*")


def is_unified(text: str) -> bool:
    """Whether a text has the marks of a unified diff: a hunk's header, or the two of a file."""
    lines = text.split("\n")
    return any(
        _names_files(lines, at) or _BEGINS.match(line) or _PATCHED_FILE.match(line)
        for at, line in enumerate(lines)
    )


def read_unified(text: str) -> tuple[Hunk, ...]:
    """The hunks of a unified diff (LF line ends), in their order.

    Without any header all of its lines are one hunk.  A line without a mark is one of context
    that has lost its blank.  That a file has no line end at its end is not read: it is left as it
    is.
    """
    lines = text.removesuffix("\n").split("\n")
    reader = _Reader(is_within=not is_unified(text))
    at = 0
    while at < len(lines):
        if _names_files(lines, at):
            reader.name(_path_of(lines[at], lines[at + 1]))
            at += 2
            continue
        reader.take(lines[at])
        at += 1
    reader.close()
    return tuple(hunk for hunk in reader.hunks if hunk.lines)


@dataclass
class _Reader:
    """Goes through a diff line by line; `is_within` tells whether lines belong to a hunk."""

    is_within: bool
    hunks: list[Hunk] = field(default_factory=list)
    path: str = ""
    header: Header | None = None
    lines: list[Line] = field(default_factory=list)
    # How many of the last lines had no mark at all, not even a blank.
    unmarked: int = 0

    def name(self, path: str) -> None:
        """Takes in the names of a file."""
        self.close()
        # The header of the first hunk may be missing.
        self.path, self.is_within = path, True

    def take(self, line: str) -> None:
        """Takes in any other line."""
        if _BEGINS.match(line):
            self.close()
            self.header, self.is_within = _header_of(line), True
        elif found := _PATCHED_FILE.match(line):
            self.name(found[1].strip())
        elif line.startswith(_ENDS) or (self.is_within and _FENCE.match(line)):
            self.close()
            self.is_within = bool(_FENCE.match(line)) and not self.hunks and not self.path
        elif self.is_within and not line.startswith("\\ "):
            self._add(line)

    def close(self) -> None:
        """Ends a hunk."""
        if self.header is not None:
            # Blank lines between two hunks are no part of either.
            while self.unmarked and _count(self.lines) > self.header.old_count:
                self.lines.pop()
                self.unmarked -= 1
        if any(line.mark is not Mark.KEPT for line in self.lines):
            self.hunks.append(Hunk(tuple(self.lines), self.path, self.header))
        self.header, self.lines, self.unmarked = None, [], 0

    def _add(self, line: str) -> None:
        self.unmarked = 0 if line else self.unmarked + 1
        if line[:1] in _MARKS:
            self.lines.append(Line(Mark(line[0]), line[1:]))
        else:
            self.lines.append(Line(Mark.KEPT, line))


_MARKS: Final = frozenset(Mark)


def _count(lines: list[Line]) -> int:
    return sum(line.mark is not Mark.ADDED for line in lines)


def _names_files(lines: list[str], at: int) -> bool:
    """Whether a line and the next one name a file before and after.

    A removed comment of SQL looks like the first of them, so what follows both is looked at too.
    """
    if not lines[at].startswith("--- ") or not lines[at + 1 : at + 2]:
        return False
    after = lines[at + 2 : at + 3]
    is_first = all(line[:1] not in ("+", "-", "@") for line in lines[:at])
    return lines[at + 1].startswith("+++ ") and (
        is_first or not after or _BEGINS.match(after[0]) is not None
    )


def _path_of(old: str, new: str) -> str:
    """The file that two headers name, as it is afterwards."""
    before, after = _named(old), _named(new)
    return before if after == _NOWHERE else after


def _named(line: str) -> str:
    return _DATE.sub("", line[4:]).strip().strip("\"'`")


def _header_of(line: str) -> Header | None:
    found = _NUMBERS.match(line)
    if found is None:
        return None
    # A count of one is left out.
    old, old_count, new, new_count = (1 if part is None else int(part) for part in found.groups())
    return Header(old, old_count, new, new_count)

"""Hunks: what a diff changes at one place, and what it means not to be able to apply one."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Mark(StrEnum):
    """What a diff does with a line."""

    KEPT = " "
    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk, without its end."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a hunk says about its place: lines count from 1, as in `@@ -3,7 +3,8 @@`."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int


@dataclass(frozen=True)
class Hunk:
    """A change at one place.

    `path` is the file as the diff names it, "" where it names none.  `header` is None where there
    is none that says lines in numbers.
    """

    lines: tuple[Line, ...]
    path: str = ""
    header: Header | None = None

    @cached_property
    def before(self) -> tuple[str, ...]:
        """The lines that have to be there."""
        return tuple(line.text for line in self.lines if line.mark is not Mark.ADDED)

    @cached_property
    def after(self) -> tuple[str, ...]:
        """The lines that are there in the end."""
        return tuple(line.text for line in self.lines if line.mark is not Mark.REMOVED)

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.before != self.after

    @property
    def counts_are_right(self) -> bool:
        """Whether its header has the numbers of lines that it has itself."""
        counts = (len(self.before), len(self.after))
        return self.header is not None and counts == (self.header.old_count, self.header.new_count)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a diff was not applied, in words that whoever wrote it can act on."""

    reason: str


def hunk_between(before: Sequence[str], after: Sequence[str], path: str = "") -> Hunk:
    """The hunk that makes `after` of `before`: what both have is kept as it is in the file."""
    return Hunk(tuple(_lines_between(before, after)), path)


def _lines_between(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, old, old_end, new, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield from (Line(Mark.KEPT, text) for text in before[old:old_end])
            continue
        yield from (Line(Mark.REMOVED, text) for text in before[old:old_end])
        yield from (Line(Mark.ADDED, text) for text in after[new:new_end])

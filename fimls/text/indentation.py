"""Indentation of pieces of code: what they have in common, their style, and how that is changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from fimls.text.shift import indentation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = ["Indent", "dedented", "indent_of", "indentation", "restyled", "usual_indent"]

# Columns that people indent by; other distances are alignments.
_UNITS: Final = (2, 3, 4, 8)

# So large a share of the indented lines has to have tabs for them to be the document's way.
_LEAST_SHARE: Final = 0.5

# Languages whose formatter leaves no choice.
_TABBED: Final = frozenset({"go", "makefile"})


@dataclass(frozen=True, slots=True)
class Indent:
    """One step of indentation: a tab, or so many blanks."""

    tabs: bool
    unit: int

    @property
    def text(self) -> str:
        """One step, written out."""
        return "\t" if self.tabs else " " * self.unit


def indent_of(lines: Iterable[str]) -> Indent | None:
    """How lines are indented; None where none is deeper than the one before it."""
    visible = [indentation(line) for line in lines if line.strip()]
    indented = [blanks for blanks in visible if blanks]
    if not indented:
        return None
    if sum("\t" in blanks for blanks in indented) > _LEAST_SHARE * len(indented):
        return Indent(tabs=True, unit=1)
    widths = [len(blanks) for blanks in visible if "\t" not in blanks]
    steps = [below - above for above, below in pairwise(widths) if below - above in _UNITS]
    if not steps:
        return None
    return Indent(tabs=False, unit=max(_UNITS, key=lambda unit: (steps.count(unit), -unit)))


def usual_indent(language_id: str) -> Indent | None:
    """How code in a language is indented where nothing else tells; None for as one likes."""
    return Indent(tabs=True, unit=1) if language_id in _TABBED else None


def dedented(lines: Sequence[str], held: Collection[int] = ()) -> list[str]:
    """The lines without the blanks that all visible ones begin with.

    Lines at the indices `held` are parts of strings: they do not count, and stay as they are.
    """
    margin: str | None = None
    for at, line in enumerate(lines):
        if at not in held and line.strip():
            blanks = indentation(line)
            margin = blanks if margin is None else _common(margin, blanks)
    margin = margin or ""
    return [
        line if at in held else line.removeprefix(margin) if line.strip() else ""
        for at, line in enumerate(lines)
    ]


def restyled(lines: Sequence[str], to: Indent, held: Collection[int] = ()) -> list[str]:
    """The lines (dedented) indented by another style than their own, as far as they have one."""
    own = indent_of(line for at, line in enumerate(lines) if at not in held)
    if own is None or own == to:
        return list(lines)
    return [line if at in held else _converted(line, own, to) for at, line in enumerate(lines)]


def _common(one: str, other: str) -> str:
    """What two indentations begin with alike."""
    pairs = zip(one, other, strict=False)
    return one[: sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))]


def _converted(line: str, own: Indent, to: Indent) -> str:
    blanks = indentation(line)
    if own.tabs:
        steps = blanks.count("\t")
        rest = len(blanks) - steps
    else:
        steps, rest = divmod(len(blanks.expandtabs(own.unit)), own.unit)
    return to.text * steps + " " * rest + line[len(blanks) :]

"""How a document is indented: by tabs, or by how many blanks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import opens
from fimls.text.shift import indentation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.text.language import Language

STEPS: Final = (2, 4, 8)
"""Columns that people indent by; one blank, as in a block comment, is an alignment."""

USUAL_UNIT: Final = 4
"""Columns that a block is indented by where the document does not tell."""

MOST_LINES: Final = 60
"""Lines on each side of a hole that tell: a style does not change within a file, but quoted text
and generated parts may differ, so a few are not enough."""

# So many steps have to be seen, and so large a share of them, or of the lines, has to agree.
_LEAST_STEPS: Final = 2
_LEAST_SHARE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is indented: by tabs, or by `unit` blanks (None where that is not clear)."""

    tabs: bool
    unit: int | None


def style_of(parts: Sequence[Sequence[str]], begun: str, language: Language) -> Style | None:
    """How the lines of some parts of a document are indented.

    `begun` is the indentation of a line without anything on it yet.  None where no line is
    indented, or where some are by tabs and others by blanks.
    """
    indented = [line for line in (begun, *parts[0], *parts[1]) if line[:1] in (" ", "\t")]
    tabs = sum(line[0] == "\t" or "\t" in indentation(line) for line in indented)
    if not tabs and indented:
        return Style(tabs=False, unit=_unit_of(parts, language))
    return Style(tabs=True, unit=None) if tabs > _LEAST_SHARE * len(indented) else None


def _unit_of(parts: Sequence[Sequence[str]], language: Language) -> int | None:
    """By how many blanks a line is deeper than one above it that opens a block."""
    steps: list[int] = []
    for lines in parts:
        columns = [len(line) - len(line.lstrip(" ")) for line in lines]
        for at, (above, below) in enumerate(pairwise(columns)):
            # What is in brackets may be indented by more than a block is.
            if below - above in STEPS and lines[at][-1] not in "([," and opens(lines[at], language):
                steps.append(below - above)
    if len(steps) < _LEAST_STEPS:
        return None
    unit = max(STEPS, key=steps.count)
    return unit if steps.count(unit) >= _LEAST_SHARE * len(steps) else None

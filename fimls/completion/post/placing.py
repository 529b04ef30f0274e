"""Placing: at the begin of a line a text indents itself, and it may do so wrongly.

Only where blocks end by indentation, and only where the lines around the hole leave no doubt: a
first line at the left edge within a body, and a text that is too deep as a whole.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from fimls.completion.post.bodies import leaves_empty
from fimls.completion.post.draft import Draft
from fimls.completion.post.indentation import (
    STRICT,
    goes_on_above,
    is_comment,
    is_header,
    is_indented_well,
    is_within,
)
from fimls.completion.post.landmarks import is_definition
from fimls.completion.post.site import width
from fimls.completion.values import Extent
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.site import Site


def placed(lines: Sequence[str], site: Site) -> list[str]:
    """The lines where a statement may stand, as far as the first two of them show that."""
    said = _said(lines)
    if not said or not _may_move(lines[said[0]], site):
        return list(lines)
    first = lines[said[0]]
    second = lines[said[1]] if len(said) > 1 else None
    column = _column(site, first, second)
    if column is None or _stands_well(lines[: said[-1] + 1], site):
        return list(lines)
    if column < width(first):
        return _dedented(lines, width(first) - column, site)
    end = len(lines) if second is not None and width(second) == 0 else said[0] + 1
    return [
        " " * column + line if line.strip() and at < end else line for at, line in enumerate(lines)
    ]


def may_place(lines: Sequence[str], site: Site) -> bool:
    """Whether it takes a second line to tell where the first one belongs."""
    said = _said(lines)
    if len(said) != 1 or site.shape.extent is Extent.LINE:
        return False
    first = lines[said[0]]
    if width(first) > 0 or not _may_move(first, site):
        return False
    return _column(site, first, None) is not None


def apply(draft: Draft, site: Site) -> Draft:
    """Moves a text to where a statement may stand."""
    if draft.is_empty or site.hole.line_before:
        return draft
    return replace(draft, text="\n".join(placed(draft.text.split("\n"), site)))


def _said(lines: Sequence[str]) -> list[int]:
    """The first two visible lines."""
    return list(islice((at for at, line in enumerate(lines) if line.strip()), 2))


def _may_move(first: str, site: Site) -> bool:
    if site.hole.language.id not in STRICT or site.hole.line_before:
        return False
    if is_comment(first) or is_within(site):
        return False
    # Who defines something there has taken the function for finished.
    return not (is_definition(first, site.hole.language) and leaves_empty(width(first), site))


def _stands_well(lines: Sequence[str], site: Site) -> bool:
    """Whether lines may stand as they do: what follows may be the body of a new definition."""
    return is_indented_well(Draft("\n".join((*lines, ""))), site)


def _column(site: Site, first: str, second: str | None) -> int | None:
    """Where the first line should begin instead; None where it is right, or may be."""
    above = next((line for line in reversed(site.above) if not is_comment(line)), None)
    below = next((width(line) for line in site.below if not is_comment(line)), 0)
    if above is None or "\t" in above or goes_on_above(above, site):
        return None
    unit, level, opened, column = site.unit, width(above), is_header(above), width(first)
    # A line at the left edge ends the body, unless what follows is in it.
    if column == 0 and (opened or below > 0):
        told = 0 if second is None else width(second) - (unit if is_header(first) else 0)
        usual = level + unit if opened else min(level, below)
        return told if (told > level if opened else 0 < told <= level) else usual
    if opened:
        return below if level < below < column else None
    return level if column > level else None


def _dedented(lines: Sequence[str], by: int, site: Site) -> list[str]:
    nesting = Nesting(site.hole.language)
    result: list[str] = []
    for line in lines:
        blanks = len(line) - len(line.lstrip(" "))
        result.append(line if nesting.is_quoted else line[min(by, blanks) :])
        nesting.feed(line)
    return result

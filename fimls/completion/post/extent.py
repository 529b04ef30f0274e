"""The end of a text: of its first visible line, or of the scope that it began in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post.draft import cut_before
from fimls.completion.post.scope import end_of_scope
from fimls.completion.values import Extent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After how many lines it is certain that no more is wanted."""
    if site.shape.extent is Extent.LINE:
        return _first_line(lines)
    end = end_of_scope(lines, site)
    return None if end is None else min(end + 1, len(lines))


def apply(draft: Draft, site: Site) -> Draft:
    """Cuts a text at its extent; blank lines before the cut go with it."""
    lines = draft.text.split("\n")
    wants_line = site.shape.extent is Extent.LINE
    end = _first_line(lines) if wants_line else end_of_scope(lines, site)
    if end is None or end == len(lines):
        return draft
    while end and not lines[end - 1].strip():
        end -= 1
    return replace(draft, text=cut_before(lines, end, site))


def _first_line(lines: Sequence[str]) -> int | None:
    return next((at + 1 for at, line in enumerate(lines) if line.strip()), None)

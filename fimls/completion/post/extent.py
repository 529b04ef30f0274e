"""The end of a text: of its first visible line, of the scope that it began in, or at its closer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post.draft import cut_before
from fimls.completion.post.scope import End, end_of_scope
from fimls.completion.values import Extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After how many lines it is certain that no more is wanted."""
    end = _end(lines, site)
    return None if end is None else end.seen


def apply(draft: Draft, site: Site) -> Draft:
    """Cuts a text at its extent; blank lines before the cut go with it."""
    lines = draft.text.split("\n")
    end = None if draft.is_settled else _end(lines, site)
    if end is None or end.keep == len(lines):
        return draft
    keep = end.keep
    while keep and not lines[keep - 1].strip():
        keep -= 1
    return replace(draft, text=cut_before(lines, keep, site))


def _end(lines: Sequence[str], site: Site) -> End | None:
    closer = site.shape.closer
    if closer:
        return _first_line(line.rstrip().endswith(closer) for line in lines)
    if site.shape.extent is Extent.BLOCK:
        return end_of_scope(lines, site)
    return _first_line(bool(line.strip()) for line in lines)


def _first_line(ends: Iterable[bool]) -> End | None:
    """The end after the first of the lines that is one."""
    return next((End(at + 1, at + 1) for at, is_end in enumerate(ends) if is_end), None)

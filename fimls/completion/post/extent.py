"""The end of a text: of its first line, of the scope that it began in, or at its closer.

A line that opens a bracket ends where that is closed: by itself it would fit nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.draft import cut_before
from fimls.completion.post.scope import End, end_of_scope
from fimls.completion.values import Extent
from fimls.syntax.scopes import Kind
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Arguments that take more lines than these are no line any more, and who wants them asks for a
# block.
_MOST_LINES: Final = 12


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After how many lines it is certain that no more is wanted."""
    end = _end(lines, site, is_all=False)
    return None if end is None else end.seen


def apply(draft: Draft, site: Site) -> Draft:
    """Cuts a text at its extent; blank lines before the cut go with it."""
    lines = draft.text.split("\n")
    end = None if draft.is_settled else _end(lines, site, is_all=True)
    if end is None or end.keep == len(lines):
        return draft
    keep = end.keep
    while keep and not lines[keep - 1].strip():
        keep -= 1
    return replace(draft, text=cut_before(lines, keep, site))


def _end(lines: Sequence[str], site: Site, *, is_all: bool) -> End | None:
    closer = site.shape.closer
    if closer:
        return _first_line(line.rstrip().endswith(closer) for line in lines)
    if site.shape.extent is Extent.BLOCK:
        return end_of_scope(lines, site)
    return _statement(lines, site, is_all=is_all)


def _statement(lines: Sequence[str], site: Site, *, is_all: bool) -> End | None:
    """The end of the first visible line, with the lines that close the brackets it opens.

    Where they never are, or not soon, it is that line alone; `is_all`: no more lines will come.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    nesting = Nesting(site.hole.language)
    for at, line in enumerate(lines[first : first + _MOST_LINES], first):
        nesting.feed(line)
        if not nesting.is_open or nesting.is_quoted or site.kind is not Kind.CODE:
            return End(at + 1, at + 1)
    is_over = is_all or len(lines) >= first + _MOST_LINES
    return End(first + 1, first + 1) if is_over else None


def _first_line(ends: Iterable[bool]) -> End | None:
    """The end after the first of the lines that is one."""
    return next((End(at + 1, at + 1) for at, is_end in enumerate(ends) if is_end), None)

"""The end of a text: of its first line, of the scope that it began in, or at its closer.

A line that opens a bracket, or a block between braces, ends where that is closed, if that is soon;
else it is the line alone, which only begins something (`unfinished`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.draft import cut_before
from fimls.completion.post.landmarks import goes_on, opens
from fimls.completion.post.scope import End, end_of_scope
from fimls.completion.post.site import width
from fimls.completion.values import Extent
from fimls.syntax.scopes import Kind
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Arguments and bodies that take more lines than these are no line any more: their first line is
# one, and who wants them all asks for a block.
_MOST_LINES: Final = 12

# What closes a block that a line has opened.
_CLOSING: Final = re.compile(r"\s*(?:[)\]}]|end\b)")


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
    """The end of the first visible line, with the lines that close what it opens.

    Where they never are, or not soon, it is that line alone; `is_all`: no more lines will come.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    near = lines[: first + _MOST_LINES]
    end = _closed(near, first, site)
    if end is None and (is_all or len(near) < len(lines)):
        end = first + 1
    return None if end is None else End(end, end)


def _closed(lines: Sequence[str], first: int, site: Site) -> int | None:
    """After how many lines the brackets that a line opens are closed, and its block; or None."""
    nesting = Nesting(site.hole.language)
    for at, line in enumerate(lines[first:], first):
        nesting.feed(line)
        if (nesting.is_quoted and at == first) or site.kind is not Kind.CODE:
            return at + 1
        if not nesting.is_open:
            return _end_of_body(lines, at, site) if _lacks_body(lines, at, site) else at + 1
    return None


def _lacks_body(lines: Sequence[str], header: int, site: Site) -> bool:
    """Whether a line opens a block between braces that the document does not go on with."""
    hole = site.hole
    if site.shape.is_single or hole.language.by_indentation or hole.language.prose:
        return False
    if site.code_follows or not opens(lines[header], hole.language):
        return False
    below = site.below[0] if site.below else ""
    columns = _columns(lines, site)
    return width(below) < columns or (width(below) == columns and not _CLOSING.match(below))


def _end_of_body(lines: Sequence[str], header: int, site: Site) -> int | None:
    """After how many lines the block is closed that a line opens."""
    columns = _columns(lines, site)
    for at, line in enumerate(lines[header + 1 :], header + 1):
        if not line.strip() or width(line) > columns or goes_on(line):
            continue
        return at + 1 if _CLOSING.match(line) else header + 1
    return None


def _columns(lines: Sequence[str], site: Site) -> int:
    """The indentation of the first visible line."""
    first = next(at for at, line in enumerate(lines) if line.strip())
    return width(lines[first] if first else site.hole.line_before + lines[first])


def _first_line(ends: Iterable[bool]) -> End | None:
    """The end after the first of the lines that is one."""
    return next((End(at + 1, at + 1) for at, is_end in enumerate(ends) if is_end), None)

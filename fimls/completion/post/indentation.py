"""Indentation that an interpreter would refuse, where blocks end by it.

The grammar of Python reads any indentation without an error, so the gate looks here as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from fimls.completion.post.bodies import leaves_empty
from fimls.completion.post.clauses import first_word, has_handler, has_owner
from fimls.completion.post.draft import Draft
from fimls.completion.post.landmarks import is_container, is_function
from fimls.completion.post.scope import headers
from fimls.completion.post.site import Site, width
from fimls.completion.values import Extent
from fimls.syntax.scopes import Kind, kind_at
from fimls.text.brackets import Nesting, balance

if TYPE_CHECKING:
    from collections.abc import Iterator


STRICT: Final = frozenset({"python", "starlark", "gdscript"})
"""Languages in which a block has to be indented, and nothing else may be."""

# A header of a block ends with a colon, whatever comment stands behind it.
_HEADER: Final = re.compile(r":\s*(?:#.*)?\Z")

_COMMENT: Final = re.compile(r"\s*#")

# What stands at the indentation of its statement, although that began further up.
_ENDS_STATEMENT: Final = re.compile(r"\s*(?:[)\]}]|\"\"\"|''')\s*\Z")

# How far above the hole a bracket is looked for that is still open; further up, a file that lacks
# one is broken anyway.
_MOST_LINES_ABOVE: Final = 60


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that begins a statement: its indentation in columns, and its first word.

    `is_header`: a block follows.  `is_open`: it ends within a bracket or string.
    """

    columns: int
    word: str
    is_header: bool
    is_open: bool


def is_indented_well(draft: Draft, site: Site) -> bool:
    """Whether the text's lines, and the document's next ones, stand where a statement may.

    True wherever that cannot be told, as within a bracket or a string.
    """
    if site.hole.language.id not in STRICT or is_within(site):
        return True
    whole = site
    if site.leads_on:
        draft, site = _joined(draft, site)
    lines = list(_statements(draft, site))
    if not lines:
        return True
    levels = {lines[0].columns, *(width(line) for line in headers(site, lines[0].columns))}
    return (
        _begins_well(lines[0], site)
        and not leaves_empty(lines[0].columns, whole)
        and _goes_on_well(lines, levels)
        and (
            _ends_well(lines, levels, draft, site) or (not lines[-1].is_header and _is_torn(whole))
        )
    )


def is_comment(line: str) -> bool:
    """Whether there is nothing but a comment on a line."""
    return _COMMENT.match(line) is not None


def is_header(line: str) -> bool:
    """Whether a line ends as the header of a block does."""
    return _HEADER.search(line) is not None


def goes_on_above(line: str, site: Site) -> bool:
    """Whether a line ends something that began further up, at an indentation that it hides."""
    return balance(line, site.hole.language).faults > 0 and not _ENDS_STATEMENT.match(line)


def _joined(draft: Draft, site: Site) -> tuple[Draft, Site]:
    """The text with the rest of the cursor's line as a part of it, and a site without that."""
    hole = site.hole
    rest = hole.line_after[draft.replaces :]
    text = hole.text[: hole.offset] + hole.text[hole.line_end :]
    return Draft(draft.text + rest), Site(replace(hole, text=text), None, site.shape)


def is_within(site: Site) -> bool:
    """Whether the hole's line begins within a bracket or a string, as far as can be told."""
    if site.tree is not None and kind_at(site.tree, site.hole.line_start) is Kind.STRING:
        return True
    lines = _lines_to_definition(site)
    above = "\n".join(lines)
    found = balance(above, site.hole.language)
    if found.quote and not _is_definition(lines[0], site):
        # The first of these lines may itself be within a string that ended since.
        found = balance(above, site.hole.language, found.quote)
    return bool(found.quote or found.unclosed)


def _lines_to_definition(site: Site) -> list[str]:
    """The lines above the hole's, from the begin of the function or class that they are in."""
    lines: list[str] = []
    for line in islice(site.upwards(), 0 if site.starts_line else 1, _MOST_LINES_ABOVE):
        lines.append(line)
        if _is_definition(line, site):
            break
    return lines[::-1]


def _is_definition(line: str, site: Site) -> bool:
    return is_function(line, site.hole.language) or is_container(line)


def _statements(draft: Draft, site: Site) -> Iterator[_Line]:
    """The lines of the text, and what stands before the cursor, that begin a statement."""
    nesting = Nesting(site.hole.language)
    line: _Line | None = None
    for at, text in enumerate(draft.text.split("\n")):
        whole = site.hole.line_before + text if at == 0 else text
        inside = nesting.is_open
        nesting.feed(whole)
        if not whole.strip() or (not inside and is_comment(whole)):
            continue
        if line is not None and not inside:
            yield line
        header = not nesting.is_open and is_header(whole)
        if line is None or not inside:
            line = _Line(width(whole), first_word(whole), header, nesting.is_open)
        else:
            line = replace(line, is_header=header, is_open=nesting.is_open)
    if line is not None:
        yield line


def _begins_well(first: _Line, site: Site) -> bool:
    """Whether the first statement is in the block that the line above it is in, or opens."""
    if not site.starts_line:
        return True
    above = next((line for line in reversed(site.above) if not is_comment(line)), None)
    if above is None:
        return first.columns == 0
    if is_header(above) and not balance(above, site.hole.language).faults:
        return first.columns > width(above)
    if goes_on_above(above, site):
        return True
    return first.columns <= width(above)


def _goes_on_well(lines: list[_Line], levels: set[int]) -> bool:
    """Whether each statement is deeper than a header above it, else at a level that there is."""
    for before, line in pairwise(lines):
        if before.is_header != (line.columns > before.columns):
            return False
        if before.is_header:
            levels.add(line.columns)
        elif line.columns not in levels:
            return False
    return True


def _ends_well(lines: list[_Line], levels: set[int], draft: Draft, site: Site) -> bool:
    """Whether the document's next lines may follow upon the last statement."""
    last = lines[-1]
    below = [line for line in site.below if not is_comment(line)]
    goes_on = site.code_follows and draft.text.rpartition("\n")[2].strip()
    if last.is_open or goes_on:
        return True
    if last.is_header and (not below or width(below[0]) <= last.columns):
        return _may_be_alone(last, draft, site)
    if below and not last.is_header:
        columns = width(below[0])
        if columns > last.columns or columns not in levels:
            return False
    said = [(line.columns, line.word) for line in lines]
    return (
        has_owner(below, said, site)
        and has_handler(below, said)
        and not _falls_between(below, last)
    )


def _may_be_alone(header: _Line, draft: Draft, site: Site) -> bool:
    """Whether a header may do without its body, as the author types that next.

    Not where a block is due, nor where no line is begun: a hole at the left edge of a body is one
    to be filled at once.
    """
    if site.shape.extent is not Extent.LINE:
        return not site.starts_line and "\n" not in draft.text
    is_begun = bool(site.hole.line_before) or header.columns == 0
    return is_begun and _is_one_statement(draft.text.strip(), site)


def _is_one_statement(text: str, site: Site) -> bool:
    """Whether each line end of a text is within a bracket or a string."""
    nesting = Nesting(site.hole.language)
    for line in text.split("\n")[:-1]:
        nesting.feed(line)
        if not nesting.is_open:
            return False
    return True


def _is_torn(site: Site) -> bool:
    """Whether the lines below may not follow upon those above without a text, either.

    The author is still to type what they belong to, so no text is to blame for that.  Before code
    at the start of its line nothing else is to come: there the text alone leads up to it.
    """
    above = next((line for line in site.upwards() if not is_comment(line)), "")
    below = [line for line in site.below if not is_comment(line)]
    if site.code_follows or not below or goes_on_above(above, site):
        return False
    columns = width(site.hole.line_before or above)
    if not site.hole.line_before and is_header(above):
        return False
    levels = {columns, *(width(line) for line in headers(site, columns))}
    said = [] if site.starts_line else [(columns, first_word(above))]
    return width(below[0]) not in levels or not has_owner(below, said, site)


def _falls_between(below: list[str], last: _Line) -> bool:
    """Whether what becomes the block of the last statement ends at an indentation in between."""
    if not last.is_header:
        return False
    end = next((width(line) for line in below if width(line) < width(below[0])), 0)
    return end > last.columns

"""The opening: how a line that is still to be written has to begin, told by the lines around it.

A model that is given the prefix alone does not know that the code goes on below: in the middle of
a function it begins the next one, or uses what only the missing line can have made.  Such a model
can be held to what the document leaves no doubt about: the blanks at the line's begin, that a block
has to be opened, and the names that all which follows expects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post.indentation import STRICT, goes_on_above, is_comment, is_header
from fimls.completion.post.landmarks import closes
from fimls.completion.post.site import width
from fimls.completion.shape.openers import opens_below
from fimls.completion.unbound import unbound
from fimls.syntax.scopes import Kind
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from fimls.completion.post.site import Site

# After these nothing of the same block is reached.
_JUMP: Final = re.compile(r"\s*(?:return|raise|break|continue)\b")

# How a docstring begins.
_QUOTE: Final = re.compile(r"\s*[rRuU]?(?:\"\"\"|''')")

# One that is longer is a page of its own.
_MOST_DOCSTRING_LINES: Final = 200

# How the header of a block begins.
_HEADERS: Final = (
    *("for ", "if ", "while ", "with ", "def ", "class "),
    *("elif ", "else:", "try:", "except", "finally:"),
)

# How a name is given a value, how a loop gives it one, and what other headers may.
_BINDINGS: Final = ("{} =", "{}=", "{}, ", "{}: ")
_LOOPS: Final = ("for {} in ", "for {}, ")
_BINDING_HEADERS: Final = ("with ", "except ")


@dataclass(frozen=True, slots=True)
class Opening:
    """The blanks that are still to come before the text, and how it may begin, if that is known."""

    blanks: str
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Due:
    """The column at which the line begins, and whether it has to open a block.

    `is_likely`: it may be another column as well.
    """

    column: int
    is_header: bool = False
    is_likely: bool = False


def opening(site: Site) -> Opening | None:
    """How the hole's line has to begin; None where the lines around it leave that open."""
    if not _is_line_of_its_own(site):
        return None
    due = _due(site)
    begun = site.hole.line_before
    if due is None or width(begun) > due.column or (site.style is not None and site.style.tabs):
        return None
    starts = _starts(due, site)
    if due.is_likely and not starts:
        return None
    return Opening(" " * (due.column - width(begun)), starts)


def _is_line_of_its_own(site: Site) -> bool:
    """Whether the text is to be a line: the cursor's, or one above it where that is begun."""
    is_free = not site.code_follows or not site.hole.line_before
    return site.starts_line and is_free and site.kind is Kind.CODE


def _due(site: Site) -> _Due | None:
    """Where a line is due, told by the nearest lines that are code; None where it is not clear."""
    above = next((line for line in reversed(site.above) if not is_comment(line)), None)
    if above is None or _is_within_brackets(site):
        return None
    below = next((line for line in site.below if not is_comment(line)), "")
    level, column, unit = width(above), width(below), site.unit
    if not _opens(above, site):
        is_torn = goes_on_above(above, site)
        return None if is_torn else _due_in_block(above, level, column, unit, site)
    if column > level + unit and site.hole.language.id in STRICT:
        return _Due(level + unit, is_header=True)
    return _Due(column if column > level and not closes(below) else level + unit)


def _due_in_block(above: str, level: int, column: int, unit: int, site: Site) -> _Due | None:
    """Where a line is due below one that opens nothing, by the column of the next one."""
    if site.hole.language.id not in STRICT:
        return _Due(level) if column == level else None
    if _JUMP.match(above):
        # What follows at the same level is reached only through another header.
        return _Due(level - unit, is_header=True) if column == level >= unit else None
    if column > level:
        return _Due(column - unit, is_header=True) if column - unit <= level else None
    # A line between two others may be the header of another branch, of which the next is the body.
    is_likely = not _ends_docstring(site)
    return _Due(level, is_likely=is_likely) if column == level else None


def _starts(due: _Due, site: Site) -> tuple[str, ...]:
    """How the line may begin: it gives a value to one of the names that lack one, if any do."""
    if site.hole.language.id not in STRICT:
        return ()
    names = unbound(site.hole, due.column)
    loops = tuple(form.format(name) for form in _LOOPS for name in names)
    if due.is_header:
        return (*loops, *_BINDING_HEADERS) if loops else _HEADERS
    return tuple(form.format(name) for form in _BINDINGS for name in names) + loops


def _opens(line: str, site: Site) -> bool:
    if site.hole.language.id in STRICT:
        return is_header(line)
    return opens_below(line, site.hole.language)


def _ends_docstring(site: Site) -> bool:
    """Whether nothing but a docstring stands between a header and the hole."""
    lines = list(islice(site.upwards(), 0 if site.starts_line else 1, _MOST_DOCSTRING_LINES))
    quote = lines[0].rstrip()[-3:]
    if quote not in ('"""', "'''"):
        return False
    begins = (at for at, line in enumerate(lines) if _QUOTE.match(line))
    at = next(begins, len(lines))
    if at == 0 and lines[0].count(quote) < 2:
        at = next(begins, len(lines))
    return at + 1 < len(lines) and is_header(lines[at + 1])


def _is_within_brackets(site: Site) -> bool:
    """Whether elements are due here, which each author indents in a way of their own."""
    unclosed = balance("\n".join(site.above), site.hole.language).unclosed
    is_block = unclosed.endswith("{") and site.hole.language.id not in STRICT
    return bool(unclosed) and not is_block

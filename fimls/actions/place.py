"""Where code goes: over a range or below a line, as if the document's author had written it.

The site's indentation, the document's style and its line ends are kept whatever the model has; and
of the text outside of the range nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from fimls.actions.echoes import without_comment, without_echoes, without_surplus_closers
from fimls.actions.held import held_rows
from fimls.text.edits import Edit
from fimls.text.indentation import dedented, indent_of, indentation, restyled, usual_indent
from fimls.text.line_bounds import line_end, line_start
from fimls.text.lines import from_lf

if TYPE_CHECKING:
    from collections.abc import Collection

    from fimls.text.language import Language

# How a line ends that the next one is deeper than.
_OPENS: Final = (":", "{", "(", "[", ",", "=", "=>", "->", "\\", "do", "then")

# Lines with which a definition begins, whatever stands before them.
_DEFINES: Final = (
    "def ",
    "class ",
    "async def ",
    "@",
    "func ",
    "fn ",
    "function ",
    "impl ",
    "pub ",
)

# Some hundred lines: the rest of a long document is indented like them.
_NEARBY_CHARS: Final = 10_000

# Blank lines after a definition at the outermost level of Python (PEP 8), and elsewhere.
_AFTER_DEFINITION: Final = {"python": 2}


@dataclass(frozen=True)
class Site:
    """A range of a text (LF line ends) that code is for; both offsets count code points.

    Where `is_below`, the code goes on lines of its own below the range, which stays: it is a
    comment.  `until` is where a placeholder below it ends that the code is put in the place of.
    """

    text: str
    language: Language
    start: int
    end: int
    is_below: bool = False
    until: int | None = None

    @cached_property
    def range(self) -> tuple[int, int]:
        """The range without blanks at its ends, which stay as they are."""
        start, end = self.start, self.end
        while end > start and self.text[end - 1].isspace():
            end -= 1
        while start < end and self.text[start].isspace():
            start += 1
        return start, end

    @property
    def indentation(self) -> str:
        """How far the code is to be indented."""
        start = self.range[0]
        return indentation(self.text[line_start(self.text, start) : start])


def place(code: str, site: Site) -> Edit:
    """The edit that puts code (LF line ends) at its site."""
    return _below(code, site) if site.is_below else _over(code, site)


def in_line_ends(edit: Edit, eol: str) -> Edit:
    """The edit with the line ends of the document; its offsets still mean the text with LF."""
    return replace(edit, text=from_lf(edit.text, eol))


def _over(code: str, site: Site) -> Edit:
    start, end = site.range
    above = site.text[:start].split("\n")[:-1]
    below = site.text[end:].split("\n")[1:]
    lines = code.split("\n")
    lines = without_comment(lines, _comment_above(above, site.language)) or lines
    lines = without_echoes(lines, above, below) or lines
    lines = without_surplus_closers(lines, site.text[start:end], site.language)
    placed = _indented(lines, site)
    return Edit(start, end, placed.removeprefix(site.indentation))


def _comment_above(above: list[str], language: Language) -> list[str]:
    """The lines of comment that stand right above a range."""
    mark = language.line_comment
    comment = takewhile(lambda line: mark and line.strip().startswith(mark), reversed(above))
    return list(comment)


def _below(code: str, site: Site) -> Edit:
    _, end = site.range
    at = line_end(site.text, end)
    last = at if site.until is None else site.until
    above, below = site.text[:at].split("\n"), site.text[last:].split("\n")[1:]
    comment = site.text[slice(*site.range)].split("\n")
    lines = without_comment(code.split("\n"), comment)
    lines = without_comment(without_echoes(lines, above, below), comment)
    lines = without_surplus_closers(lines, "", site.language)
    if not any(line.strip() for line in lines):
        return Edit(at, at, "")
    placed = _indented(lines, site)
    return Edit(at, last, f"\n{placed}{_gap(placed, below, site)}")


def _gap(placed: str, below: list[str], site: Site) -> str:
    """The blank lines that keep a definition apart from what follows it at once."""
    first, _, rest = placed.partition("\n")
    is_apart = not below or not below[0].strip() or not rest
    if is_apart or not first.lstrip().startswith(_DEFINES):
        return ""
    if indentation(below[0]) != site.indentation:
        return ""
    return "\n" * (1 if site.indentation else _AFTER_DEFINITION.get(site.language.id, 1))


def _indented(lines: list[str], site: Site) -> str:
    """The code as it is to stand, its first line included."""
    held = held_rows("\n".join(lines), site.language.grammar)
    level = dedented(_level(lines, site, held), held)
    style = indent_of(_nearby(site)) or usual_indent(site.language.id)
    if style is not None:
        level = restyled(level, style, held)
    own = site.indentation
    return "\n".join(
        line if at in held or not line else own + line for at, line in enumerate(level)
    ).strip("\n")


def _nearby(site: Site) -> list[str]:
    """The lines around a site, which show how the document is indented."""
    start, end = site.range
    first = line_start(site.text, max(0, start - _NEARBY_CHARS))
    return site.text[first : end + _NEARBY_CHARS].split("\n")


def _level(lines: list[str], site: Site, held: Collection[int]) -> list[str]:
    """The lines with the first one indented as the others mean it to be.

    A model that is shown a selection that begins after its indentation goes on in the same way:
    the first line has none, and the others have all of it.
    """
    rest = [at for at in range(1, len(lines)) if at not in held and lines[at].strip()]
    if site.is_below or not site.indentation or not rest or indentation(lines[0]):
        return lines
    widths = [len(indentation(lines[at])) for at in rest]
    least = len(site.indentation)
    is_opener = lines[0].rstrip().endswith(_OPENS)
    is_meant = min(widths) >= least and (widths[0] > least or not is_opener)
    return [site.indentation + lines[0], *lines[1:]] if is_meant else lines

"""Indentation style: a text is indented as its document is, by tabs or by as many blanks.

Models indent by what most of their training data had.  What the document does is told by its lines
around the hole, what the text does by its first lines that are indented: so each line is as it will
be when the next one comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.document_style import STEPS, USUAL_UNIT
from fimls.completion.post.landmarks import opens
from fimls.syntax.scopes import Kind
from fimls.text.brackets import Nesting
from fimls.text.shift import indentation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Steps that may be taken one for the other.  Eight are as likely two steps of four, in a body that
# its author has moved.
_EXCHANGED: Final = (2, 4)

# Languages in which the items of a list may be indented or not, from one list to the next.
_FREE: Final = frozenset({"yaml"})


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text as it would stand in the document.

    `is_code`: it is visible, and not in a string.  `is_block`: it is in no bracket but a block's.
    """

    text: str
    is_code: bool
    is_block: bool


def restyled(lines: Sequence[str], site: Site) -> list[str]:
    """The lines with the indentation that the document would have them have."""
    language = site.hole.language
    if language.prose or language.id in _FREE or site.kind is Kind.STRING:
        return list(lines)
    if not any(line[:1] in (" ", "\t") for line in lines):
        return list(lines)
    style = site.style
    if style is None:
        return list(lines)
    if style.tabs:
        return _by_tabs(lines, site)
    unit = style.unit or USUAL_UNIT
    detabbed = [
        _without_tabs(line, unit) if placed.is_code else line
        for line, placed in zip(lines, _placed(lines, site), strict=True)
    ]
    return detabbed if style.unit not in _EXCHANGED else _by_steps(detabbed, style.unit, site)


def apply(draft: Draft, site: Site) -> Draft:
    """Indents the lines of a text as the document's are."""
    if "\n" not in draft.text and not draft.text[:1].isspace():
        return draft
    return replace(draft, text="\n".join(restyled(draft.text.split("\n"), site)))


def _placed(lines: Sequence[str], site: Site) -> Iterator[_Line]:
    nesting = Nesting(site.hole.language)
    braced = False
    for at, line in enumerate(lines):
        whole = site.hole.line_before + line if at == 0 else line
        is_code = bool(whole.strip()) and not nesting.is_quoted
        yield _Line(whole, is_code, braced or not nesting.is_open)
        nesting.feed(whole)
        braced = whole.rstrip().endswith("{") and not site.hole.language.by_indentation


def _by_tabs(lines: Sequence[str], site: Site) -> list[str]:
    """Makes tabs of blanks.

    How many blanks the text has for one of them is told by the first line that has any, from the
    level at which it should be.
    """
    language, begun = site.hole.language, site.hole.line_before
    level, opened, unit = begun.count("\t"), False, 0
    if not begun:
        above = next(site.upwards(), "")
        level, opened = indentation(above).count("\t"), opens(above, language)
    result: list[str] = []
    for line, placed in zip(lines, _placed(lines, site), strict=True):
        blanks = indentation(line)
        is_begun = not result and not site.starts_line
        if placed.is_code and not is_begun and blanks and "\t" not in blanks:
            unit = unit or _unit_at(len(blanks), level + opened)
            tabs, rest = divmod(len(blanks), unit)
            line = "\t" * tabs + " " * rest + line.lstrip(" ")  # noqa: PLW2901
        result.append(line)
        opened = opens(placed.text, language) if placed.is_code else opened
    return result


def _unit_at(columns: int, level: int) -> int:
    unit, rest = divmod(columns, max(1, level))
    return unit if unit in STEPS and not rest else USUAL_UNIT


def _without_tabs(line: str, unit: int) -> str:
    blanks = indentation(line)
    return blanks.replace("\t", " " * unit) + line[len(blanks) :] if "\t" in blanks else line


def _by_steps(lines: Sequence[str], unit: int, site: Site) -> list[str]:
    """Makes the document's steps of the text's own, which its first deeper block shows."""
    base: int | None = None
    last = own = 0
    opened = False
    result: list[str] = []
    for line, placed in zip(lines, _placed(lines, site), strict=True):
        columns = len(indentation(placed.text))
        if placed.is_code:
            if opened and not own and placed.is_block and columns - last in _EXCHANGED:
                own = columns - last
            if base is None:
                base = columns
            elif own not in (0, unit) and columns > base:
                steps, rest = divmod(columns - base, own)
                line = " " * (base + steps * unit + rest) + line.lstrip(" ")  # noqa: PLW2901
            last, opened = columns, opens(placed.text, site.hole.language)
        result.append(line)
    return result

"""The begin of the first line: blanks that stand before the cursor already are not said again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.document_style import STEPS
from fimls.completion.post.indentation import is_indented_well
from fimls.completion.post.landmarks import closes, opens
from fimls.completion.post.site import width
from fimls.syntax.scopes import Kind, kind_at
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# What a single statement may follow upon, one level deeper.
_HEAD: Final = re.compile(r"[\s}]*(?:(?:if|for|while)\b.*\)|else)\s*\Z")

# What the next line is one level deeper after.
_OPENERS: Final = ("(", "[", "{", ":")


def apply(draft: Draft, site: Site) -> Draft:
    """Drops indentation where the cursor stands behind it, and a blank right after a blank."""
    begun = site.hole.line_before
    if draft.is_empty or not begun or not begun[-1].isspace():
        return draft
    if not site.starts_line:
        return replace(draft, text=draft.text[1:]) if _is_after_blank(draft, site) else draft
    if draft.text.startswith("\n") and not site.code_follows:
        draft = _without_line_end(draft, begun)
    if draft.text.startswith("\n"):
        return draft
    once = replace(draft, text=draft.text.removeprefix(begun))
    if once != draft and _is_said_twice(draft, once, site):
        return once
    # A single blank comes with the first token of many a model.
    once = replace(draft, text=draft.text.removeprefix(" "))
    return once if _is_at_level(site) and _is_said_twice(draft, once, site) else draft


def may_be_deep(lines: Sequence[str], site: Site) -> bool:
    """Whether it takes a line below the first one to tell how deep that should be."""
    begun = site.hole.line_before
    if not site.starts_line or not lines[0].startswith(begun or " "):
        return False
    above = next(site.upwards(), "")
    if (
        any(map(_shows_depth, lines[1:]))
        or not opens(above, site.hole.language)
        or not _is_in_brackets(site)
    ):
        return False
    return width(begun) > width(above)


def _without_line_end(draft: Draft, begun: str) -> Draft:
    """The text without the blank lines at its begin, where the cursor's line will do."""
    text = draft.text.lstrip()
    before = draft.text[: len(draft.text) - len(text)].rpartition("\n")[2]
    if not before.startswith(begun):
        return draft
    return replace(draft, text=before.removeprefix(begun) + text)


def _is_said_twice(draft: Draft, once: Draft, site: Site) -> bool:
    """Whether the text says the indentation that the cursor stands behind once more.

    The author has put the cursor there, so it most likely does: not where a deeper block begins,
    and where the document goes on at that depth.
    """
    above = next(site.upwards(), None)
    if above is None or once.text[:1].isspace():
        return False
    language, column = site.hole.language, width(site.hole.line_before)
    opened = opens(above, language) or (_takes_statement(above) and not language.by_indentation)
    if opened and column <= width(above):
        return False
    if _is_in_brackets(site):
        # Each author has a style of their own, which the lines around show.
        return _is_deep(draft, site) if opened else column == width(above)
    said = width(site.hole.line_before + draft.text.partition("\n")[0])
    if opened:
        # Who indents by hand may have begun with that, and not come to its end.
        depths = _depths_of_body(width(above), site)
        return column in depths or said not in depths
    if column == width(above):
        return True
    is_level = column in map(width, site.above)
    if is_level and not (site.below and width(site.below[0]) == said):
        return True
    return not is_indented_well(draft, site) and is_indented_well(once, site)


def _depths_of_body(column: int, site: Site) -> set[int]:
    """Where the body of a line at that column begins, told by the next line and other bodies."""
    below = width(site.below[0]) if site.below else 0
    unit = site.style.unit if site.style is not None else None
    return {depth for depth in (below, column + (unit or 0)) if depth > column}


def _is_deep(draft: Draft, site: Site) -> bool:
    """Whether the text's first line is deeper than the next one shows that it should be."""
    first, *lines = draft.text.split("\n")
    below = next((line for line in lines if _shows_depth(line)), None)
    first = site.hole.line_before + first
    return below is not None and width(below) < width(first) + first.rstrip().endswith(_OPENERS)


def _shows_depth(line: str) -> bool:
    return bool(line.strip()) and not closes(line)


def _is_in_brackets(site: Site) -> bool:
    """Whether the hole's line begins within brackets that are no block's."""
    unclosed = balance("\n".join(site.above), site.hole.language).unclosed
    return bool(unclosed) and (site.hole.language.by_indentation or not unclosed.endswith("{"))


def _takes_statement(line: str) -> bool:
    """Whether a line is the head of a statement that needs no braces."""
    return _HEAD.match(line) is not None


def _is_at_level(site: Site) -> bool:
    """Whether the cursor stands where lines of the document begin, or one step deeper."""
    above = next(site.upwards(), "")
    deeper = width(site.hole.line_before) - width(above)
    return deeper == 0 or deeper in STEPS


def _is_after_blank(draft: Draft, site: Site) -> bool:
    """Whether there would be two blanks between words, where one is usual."""
    begun, text = site.hole.line_before, draft.text
    if begun[-2:-1].isspace() or text[1:2].isspace() or text[0] != " ":
        return False
    return site.tree is not None and kind_at(site.tree, site.hole.offset) is Kind.CODE

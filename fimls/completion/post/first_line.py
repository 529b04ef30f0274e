"""The begin of the first line: blanks that stand before the cursor already are not said again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post.document_style import STEPS
from fimls.completion.post.indentation import is_indented_well
from fimls.completion.post.landmarks import opens
from fimls.completion.post.site import width
from fimls.syntax.scopes import Kind, kind_at
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def apply(draft: Draft, site: Site) -> Draft:
    """Drops indentation where the cursor stands behind it, and a blank right after a blank."""
    begun = site.hole.line_before
    if draft.is_empty or not begun or not begun[-1].isspace():
        return draft
    if not site.starts_line:
        return replace(draft, text=draft.text[1:]) if _is_after_blank(draft, site) else draft
    if draft.text.startswith("\n") and not site.code_follows:
        return _without_line_end(draft, begun)
    once = replace(draft, text=draft.text.removeprefix(begun))
    if once != draft and _is_said_twice(draft, once, site):
        return once
    # A single blank comes with the first token of many a model.
    once = replace(draft, text=draft.text.removeprefix(" "))
    return once if _is_at_level(site) and _is_said_twice(draft, once, site) else draft


def _without_line_end(draft: Draft, begun: str) -> Draft:
    """The text without the blank lines at its begin, where the cursor's line will do."""
    text = draft.text.lstrip()
    before = draft.text[: len(draft.text) - len(text)].rpartition("\n")[2]
    if not before.startswith(begun):
        return draft
    return replace(draft, text=before.removeprefix(begun) + text)


def _is_said_twice(draft: Draft, once: Draft, site: Site) -> bool:
    """Whether the text is right without the indentation that the cursor stands behind."""
    above = next(site.upwards(), None)
    if above is None or once.text[:1].isspace():
        return False
    column = width(site.hole.line_before)
    if balance("\n".join(site.above), site.hole.language).unclosed:
        # Within brackets each author has a style of their own, which the line above shows.
        return column == width(above) and not opens(above, site.hole.language)
    opened = opens(above, site.hole.language)
    if column > width(above) if opened else column == width(above):
        return True
    return not is_indented_well(draft, site) and is_indented_well(once, site)


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

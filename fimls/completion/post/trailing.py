"""Blanks at the end: dropped where the line ends there, kept before code on the same line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def apply(draft: Draft, site: Site) -> Draft:
    """Drops blank lines and blanks at the text's end, where nothing stands after it."""
    rest = site.hole.line_after[draft.replaces :]
    return draft if rest.strip() else replace(draft, text=draft.text.rstrip())

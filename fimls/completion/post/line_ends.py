"""Line ends: carriage returns of the model are removed; the editor gets the document's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def without_cr(text: str) -> str:
    """The text without carriage returns, so that a line ends with LF only."""
    return text.replace("\r", "")


def apply(draft: Draft, _site: Site) -> Draft:
    """Removes carriage returns."""
    return replace(draft, text=without_cr(draft.text))

"""What mends its line: a text with which a broken place is in order is left as it is.

Where code follows the cursor, the document tells what the text has to lead up to, and no rule of
lines and indentation knows better than the parser whether it does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post.indentation import is_indented_well
from fimls.syntax.delta import repairs

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def apply(draft: Draft, site: Site) -> Draft:
    """Marks a text as settled where the document is broken without it and in order with it."""
    return replace(draft, is_settled=site.leads_on and is_needed(draft, site))


def is_needed(draft: Draft, site: Site) -> bool:
    """Whether the document is broken without the text, and in order with it."""
    # In a document that is in order nothing is to be mended.
    may_be_broken = site.tree is None or site.tree.root.has_error
    return may_be_broken and not draft.is_empty and mends(draft, site)


def mends(draft: Draft, site: Site) -> bool:
    """Whether the lines around the hole are at fault without the text, and in order with it."""
    hole = site.hole
    change = (hole.offset, hole.offset + draft.replaces, draft.text)
    return repairs(hole.text, hole.language.grammar, *change) and is_indented_well(draft, site)

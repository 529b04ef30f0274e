"""Masks: a text that repeats the mask of a secret has nothing to offer in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.completion.values import Reason, Skip
from fimls.context.secrets import MASK

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site


def apply(draft: Draft, _site: Site) -> Draft | Skip:
    """Drops a text that repeats the mask, whole: what leads to a secret is no use without it."""
    return Skip(Reason.MASK) if MASK in draft.text else draft

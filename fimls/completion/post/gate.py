"""The syntax gate: a text that adds a fault to the document is repaired until it adds none.

What fits goes through untouched, unless closing its last line would make a broken line whole; so
does a line that would fit if what it begins were finished.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post import following, same_line, trailing
from fimls.completion.post.fitness import fits
from fimls.completion.post.mending import is_needed, mends
from fimls.completion.post.repairs import closed, repaired
from fimls.completion.post.unfinished import fits_when_finished
from fimls.completion.values import Reason, Skip
from fimls.syntax.effort import Effort

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Repairs that are tried at the most: each costs a parse, and a text that needs more of them is
# not worth showing.
_MOST_REPAIRS: Final = 6

# What all of it may cost, in calls of the parser (`syntax/effort.py`): that a text breaks takes 25
# to 80 of them to tell, at a place that is broken already up to 150, which is 4 ms.
_MOST_EFFORT: Final = 200


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Lets a text through that fits, else the best of a few repaired ones that does."""
    if draft.is_empty:
        return Skip(Reason.EMPTY)
    whole = closed(draft, site)
    if whole is not None and is_needed(whole, site) and not mends(draft, site):
        # The line was broken before, and is in order so: better than that it may still be ended.
        return whole
    effort = Effort(_MOST_EFFORT)
    if draft.is_settled or fits(draft, site, effort) or fits_when_finished(draft, site):
        return draft
    for each in islice(repaired(draft, site), _MOST_REPAIRS):
        result = _joined(each, site)
        if result is not None and fits(result, site, effort):
            return result
        if effort.left <= 0:
            break
    return Skip(Reason.BREAKS_SYNTAX)


def _joined(draft: Draft, site: Site) -> Draft | None:
    """A repaired text as it meets the rest of its line; None where the filters before would cut it.

    A shorter text may end with what the document says next, which the whole one did not.
    """
    joined = same_line.apply(replace(draft, replaces=0), site)
    if isinstance(joined, Skip):
        return None
    result = trailing.apply(joined, site)
    return result if following.apply(result, site) == result else None

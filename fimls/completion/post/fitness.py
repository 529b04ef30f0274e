"""Whether a text fits: the document has no more faults with it than without it.

Where the document is not in order the lines around the hole decide, and where these cannot tell, or
there is no grammar, its brackets and quotes, or the lines above alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fimls.completion.post.comments import ends_astray
from fimls.completion.post.forward import goes_on, lacks_end
from fimls.completion.post.indentation import is_indented_well
from fimls.syntax.delta import Verdict, judge, judge_nearby
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site
    from fimls.syntax.effort import Effort
    from fimls.text.brackets import Balance
    from fimls.text.language import Language

# How much text on each side of the hole is searched for partners of brackets, without a grammar.
_WINDOW_CHARS: Final = 4000


def fits(draft: Draft, site: Site, effort: Effort | None = None) -> bool:
    """Whether the document has no more faults with the text than without it.

    What that has cost is taken off `effort`; the answer does not depend on it.
    """
    if draft.is_empty or ends_astray(draft, site) or not is_indented_well(draft, site):
        return False
    verdict = _verdict(draft, site, effort)
    if verdict is Verdict.BREAKS:
        return lacks_end(site) and goes_on(draft, site)
    return verdict is Verdict.FITS or _is_balanced(draft, site) or goes_on(draft, site)


def fits_surely(draft: Draft, site: Site, effort: Effort) -> bool:
    """Whether a text fits as far as its grammar tells; where there is none, by its brackets."""
    if site.hole.language.grammar is None:
        return _is_balanced(draft, site)
    return _verdict(draft, site, effort) is Verdict.FITS


def _verdict(draft: Draft, site: Site, effort: Effort | None) -> Verdict:
    start, end = site.hole.offset, site.hole.offset + draft.replaces
    if site.tree is not None:
        return judge(site.tree, start, end, draft.text, effort)
    return judge_nearby(site.hole.text, site.hole.language.grammar, start, end, draft.text, effort)


def _is_balanced(draft: Draft, site: Site) -> bool:
    """Whether the brackets and quotes around the hole are no worse with the text than without."""
    hole = site.hole
    before = hole.text[max(0, hole.offset - _WINDOW_CHARS) : hole.offset]
    end = hole.offset + _WINDOW_CHARS
    without = _balance(before + hole.text[hole.offset : end], hole.language)
    after = hole.text[hole.offset + draft.replaces : end]
    joined = balance(before + draft.text + after, hole.language)
    # Where the window has all that comes before, a bracket that is shut below and opened nowhere is
    # what the text is wanted for.
    seen_whole = hole.offset <= _WINDOW_CHARS and not _balance(before, hole.language).unmatched
    if seen_whole and without.unmatched:
        return len(joined.unmatched) < len(without.unmatched)
    return joined.faults <= without.faults


@lru_cache(maxsize=4)
def _balance(code: str, language: Language) -> Balance:
    """The balance of the text around a hole, which is the same for all that is tried there."""
    return balance(code, language)

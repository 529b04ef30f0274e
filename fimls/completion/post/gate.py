"""The syntax gate: a text that adds a fault to the document is cut shorter until it adds none.

What fits goes through untouched.  Where the document is not in order the lines around the hole
decide, and where these cannot tell, or there is no grammar, its brackets and quotes.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from fimls.completion.post import following, trailing
from fimls.completion.post.brackets import balance
from fimls.completion.post.draft import Draft, cut_before
from fimls.completion.post.indentation import is_indented_well
from fimls.completion.values import Reason, Skip
from fimls.syntax.delta import Verdict, judge, judge_nearby

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.post.site import Site
    from fimls.syntax.tree import Tree

# Repairs that are tried at the most: each costs a parse, and a text that needs more of them is
# not worth showing.
_MOST_REPAIRS: Final = 6

# What a text may end with once too often; it comes in ones and twos.
_CLOSERS: Final = ")]}'\"`,;"
_MOST_CLOSERS: Final = 3

# How much text on each side of the hole is searched for partners of brackets, without a grammar.
_WINDOW_CHARS: Final = 4000

# Verdicts that are remembered for a document: as a text is streamed, the same lines are judged
# with each piece.
_MOST_VERDICTS: Final = 64

_known: WeakKeyDictionary[Tree, dict[tuple[int, int, str], Verdict]] = WeakKeyDictionary()


def fits(draft: Draft, site: Site) -> bool:
    """Whether the document has no more faults with the text than without it."""
    if draft.is_empty or not is_indented_well(draft, site):
        return False
    verdict = _verdict(draft, site)
    return verdict is Verdict.FITS or (verdict is Verdict.UNKNOWN and _is_balanced(draft, site))


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Lets a text through that fits, else the longest of a few shorter ones that does."""
    if draft.is_empty:
        return Skip(Reason.EMPTY)
    if draft.is_settled or fits(draft, site):
        return draft
    for shorter in islice(_shorter(draft, site), _MOST_REPAIRS):
        each = trailing.apply(shorter, site)
        # A shorter text may end with the document's next line, which the whole one did not.
        if following.apply(each, site) == each and fits(each, site):
            return each
    return Skip(Reason.BREAKS_SYNTAX)


def _verdict(draft: Draft, site: Site) -> Verdict:
    change = (site.hole.offset, site.hole.offset + draft.replaces, draft.text)
    if site.tree is None:
        return judge_nearby(site.hole.text, site.hole.language.grammar, *change)
    known = _known.setdefault(site.tree, {})
    if change not in known:
        if len(known) >= _MOST_VERDICTS:
            known.clear()
        known[change] = judge(site.tree, *change)
    return known[change]


def _is_balanced(draft: Draft, site: Site) -> bool:
    """Whether the brackets and quotes around the hole are no worse with the text than without."""
    hole = site.hole
    before = hole.text[max(0, hole.offset - _WINDOW_CHARS) : hole.offset]
    end = hole.offset + _WINDOW_CHARS
    without = balance(before + hole.text[hole.offset : end], hole.language)
    after = hole.text[hole.offset + draft.replaces : end]
    joined = balance(before + draft.text + after, hole.language)
    # Where the window has all that comes before, a bracket that is shut below and opened nowhere is
    # what the text is wanted for.
    seen_whole = hole.offset <= _WINDOW_CHARS and not balance(before, hole.language).unmatched
    if seen_whole and without.unmatched:
        return len(joined.unmatched) < len(without.unmatched)
    return joined.faults <= without.faults


def _shorter(draft: Draft, site: Site) -> Iterator[Draft]:
    """What may be left of a text that does not fit, best first."""
    if site.splits_lines and "\n" not in draft.text:
        # The model ended a line without a line end: the code after the cursor needs one.
        yield replace(draft, text=f"{draft.text}\n{site.hole.line_before}")
    visible = draft.text.rstrip()
    blanks = draft.text[len(visible) :]
    for closers in range(1, _closers_at_end(visible) + 1):
        yield replace(draft, text=visible[:-closers] + blanks)
    lines = visible.split("\n")
    for end in range(len(lines) - 1, 0, -1):
        if lines[end].strip():
            yield replace(draft, text=cut_before(lines, end, site))


def _closers_at_end(text: str) -> int:
    return min(len(text) - len(text.rstrip(_CLOSERS)), _MOST_CLOSERS)

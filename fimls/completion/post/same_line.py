"""Overlap with the rest of the cursor's line, decided by balance and by parsing.

Every rule of the "longest overlap" kind makes `print(foo(bar)` of `print(█)` and `foo(bar)`
(`peers.md` §3.9).  Here all ways of joining the two are weighed: the one wins that leaves fewest
brackets and quotes without a partner and adds no syntax error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post.fitness import fits
from fimls.completion.post.mending import mends
from fimls.completion.values import Reason, Skip
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# What an editor closes by itself, perhaps with the punctuation that ends a statement.
_CLOSERS: Final = re.compile(r"[)\]}>\"'`]+")

_BRACKETS: Final = (")", "]", "}")

_ARROWS: Final = re.compile(r"[-=]>|<[-=]|>=")

# Nothing but another statement stands behind the end of one.
_ENDED_TWICE: Final = re.compile(r";[;()\]>\"'`]|::|,,")

# The rest of a line that is shorter than this may recur by chance, as `+ b` does in `a + b + b`.
_LEAST_REST_WORD_CHARS: Final = 3
_WORD: Final = re.compile(r"\w")

# Nobody has two blanks or a tab within a line but to align something.
_INDENTED: Final = re.compile(r" {2}|\t")

# Ways of joining that are parsed at the most; they are ordered by balance, so the first is
# nearly always the one.
_MOST_PARSED: Final = 3

# Overlaps that are weighed at the most, and how much of the line on each side of the text: more
# than any line has that a person wrote.
_MOST_OVERLAPS: Final = 12
_WEIGHED_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class _Join:
    """A way of joining a text to the rest of the line: `trimmed` code points are cut off it."""

    draft: Draft
    trimmed: int
    code: str
    faults: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Fewest faults first; then those that replace nothing; then the longest overlap."""
        return (self.faults, _angles(self.code), self.draft.replaces, -self.trimmed)


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Joins a text to what stands after the cursor, without saying twice what both have."""
    rest = site.hole.line_after
    if draft.is_empty or not rest.strip():
        return draft
    if site.splits_lines and rest[0].isspace():
        # Before the indentation of a line, whole lines are compared, and that is done.
        return _with_line_end(draft, rest, site)
    if draft.is_settled:
        return _without_rest(draft, rest, site)
    joins = sorted(_joins(draft, rest, site), key=lambda join: join.order)
    if len(joins) == 1:
        return draft
    if joins[0].draft.is_empty:
        return Skip(Reason.REPEATS)
    fitting = (join for join in joins[:_MOST_PARSED] if fits(join.draft, site))
    return next(fitting, joins[0]).draft


def _with_line_end(draft: Draft, rest: str, site: Site) -> Draft:
    """A text that comes before a whole line, with the line end that is missing before that."""
    is_whole = not site.hole.line_before and _INDENTED.match(rest) is not None
    if not is_whole or not draft.text.rpartition("\n")[2].strip():
        return draft
    return replace(draft, text=f"{draft.text}\n")


def _without_rest(draft: Draft, rest: str, site: Site) -> Draft:
    """A text that mends its line, without all the rest of that, if it mends it without as well."""
    visible, said = rest.rstrip(), draft.text.rstrip()
    if not said.endswith(visible) or len(_WORD.findall(visible)) < _LEAST_REST_WORD_CHARS:
        return draft
    shorter = replace(draft, text=said.removesuffix(visible))
    return shorter if not shorter.is_empty and mends(shorter, site) else draft


def _joins(draft: Draft, rest: str, site: Site) -> Iterator[_Join]:
    for trimmed in (0, *islice(_overlaps(draft.text, rest), _MOST_OVERLAPS)):
        cut = replace(draft, text=draft.text[: len(draft.text) - trimmed])
        yield _join(cut, trimmed, site)
    for count in _replaceable(draft.text, rest):
        yield _join(replace(draft, replaces=count), 0, site)


def _overlaps(text: str, rest: str) -> Iterator[int]:
    """The lengths of the ends of the text that the rest of the line begins with."""
    visible = text.rstrip()
    blanks = len(text) - len(visible)
    for length in range(1, min(len(text), len(rest)) + 1):
        shared = rest[:length]
        if not shared.strip() or _splits_word(rest, length):
            continue
        if text.endswith(shared) and not _splits_word(text, len(text) - length):
            yield length
        elif blanks and visible.endswith(shared) and not _splits_word(text, len(visible) - length):
            yield length + blanks


def _splits_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _replaceable(text: str, rest: str) -> Iterator[int]:
    """How much of the rest of the line the text may replace.

    That is the closers it begins with, one by one, and all of it; only what occurs in the text in
    its order, since editors draw nothing else.
    """
    closers = _CLOSERS.match(rest)
    ends = set(range(1, min(closers.end(), _MOST_OVERLAPS) + 1) if closers else ())
    for end in sorted(ends | {len(rest.rstrip())}):
        if _occurs_in_order(rest[:end], text):
            yield end


def _occurs_in_order(wanted: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in wanted)


def _join(draft: Draft, trimmed: int, site: Site) -> _Join:
    """A way of joining, weighed by the lines that it would make."""
    rest = site.hole.line_after[draft.replaces :][:_WEIGHED_CHARS]
    code = site.hole.line_before[-_WEIGHED_CHARS:] + draft.text + rest
    found = balance(code, site.hole.language)
    without = balance(code[: len(code) - len(rest)], site.hole.language)
    # A closer that changes nothing has come to stand in a comment.
    is_lost = rest.lstrip().startswith(_BRACKETS) and found == without
    faults = found.faults + is_lost + _is_ended(draft.text, rest)
    return _Join(draft, trimmed, code, faults)


def _is_ended(text: str, rest: str) -> bool:
    """Whether the text ends something that the rest of the line would end once more."""
    return _ENDED_TWICE.search(text[-1:] + rest.lstrip()[:1]) is not None


def _angles(code: str) -> int:
    """How many angle brackets lack a partner: of use only where all else is equal."""
    plain = _ARROWS.sub("", code)
    return abs(plain.count("<") - plain.count(">"))

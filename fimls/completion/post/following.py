"""Overlap with the following lines: a text that runs into what comes next ends before that."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.draft import cut_before
from fimls.completion.post.mending import is_needed, mends
from fimls.completion.values import Reason, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# So many lines with words in them, equal to the document's next ones in a row, are no chance.
_CERTAIN_LINES: Final = 2

_WORD: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class _Overlap:
    """The line at which the text runs into the document's next lines.

    `seen` is after how many lines that is certain; None where only the text's end makes it so.
    """

    start: int
    seen: int | None


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After how many lines it is certain that the text has run into the document's next ones."""
    overlap = _overlap(lines, site)
    return None if overlap is None else overlap.seen


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Cuts a text where all the rest of it, blank lines aside, is what the document says next."""
    lines = draft.text.split("\n")
    overlap = _overlap(lines, site)
    if overlap is None:
        return draft
    while overlap is not None:
        # What is left may end with the next line once more.
        lines = lines[: overlap.start]
        overlap = _overlap(lines, site)
    shorter = replace(draft, text=cut_before(lines, len(lines), site))
    if is_needed(draft, site) and not any(mends(each, site) for each in _joined(shorter, site)):
        # What the document says next stands in it twice.
        return draft
    return Skip(Reason.REPEATS) if shorter.is_empty else shorter


def _joined(draft: Draft, site: Site) -> tuple[Draft, Draft]:
    """The text as it is, and as it will be where it ends with the rest of the cursor's line."""
    rest = site.hole.line_after.strip()
    return draft, replace(draft, text=draft.text.rstrip().removesuffix(rest))


def _overlap(lines: Sequence[str], site: Site) -> _Overlap | None:
    if not site.below:
        return None
    said = [
        ((site.hole.line_before if at == 0 else "") + line.rstrip(), at)
        for at, line in enumerate(lines)
        if line.strip()
    ]
    for start in range(len(said)):
        overlap = _overlap_from(said[start:], site.below)
        if overlap is not None:
            return overlap
    return None


def _overlap_from(said: Sequence[tuple[str, int]], below: Sequence[str]) -> _Overlap | None:
    """The overlap that begins with the first of these lines, if there is one."""
    telling = 0
    for (line, at), expected in zip(said, below, strict=False):
        # Whether a comma follows depends on where an entry stands, not on what it says.
        if line.removesuffix(",") != expected.removesuffix(","):
            return None
        telling += _WORD.search(line) is not None
        if telling == _CERTAIN_LINES:
            return _Overlap(said[0][1], at + 1)
    # With fewer lines that agree, the text has to end there: authors write a line again, too.
    return _Overlap(said[0][1], None) if len(said) <= len(below) else None

"""Repairs of a text that does not fit: it is closed, or it ends earlier."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.draft import cut_before
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# What a text may end with once too often; it comes in ones and twos.
_CLOSERS: Final = ")]}'\"`,;"
_MOST_CLOSERS: Final = 3

# After an operand a call or list may end; after an opener, a comma or an operator it may not.
_ENDS_OPERAND: Final = re.compile(r"[\w)\]}\"'`]\Z")


def repaired(draft: Draft, site: Site) -> Iterator[Draft]:
    """What may be made of a text that does not fit, best first."""
    if site.splits_lines and draft.text.rpartition("\n")[2].strip():
        # The model ended a line without a line end: the code after the cursor needs one.
        yield replace(draft, text=f"{draft.text}\n{site.hole.line_before}")
    whole = closed(draft, site)
    if whole is not None:
        yield whole
    visible = draft.text.rstrip()
    blanks = draft.text[len(visible) :]
    for closers in range(1, _closers_at_end(visible) + 1):
        yield replace(draft, text=visible[:-closers] + blanks)
    lines = visible.split("\n")
    for end in range(len(lines) - 1, 0, -1):
        if lines[end].strip():
            yield replace(draft, text=cut_before(lines, end, site))


def closed(draft: Draft, site: Site) -> Draft | None:
    """The text with the brackets closed that its last line opens and leaves open after an operand.

    None where it leaves none open.
    """
    visible = draft.text.rstrip()
    blanks = draft.text[len(visible) :]
    _, ended, last = visible.rpartition("\n")
    if not _ENDS_OPERAND.search(last):
        return None
    before = "" if ended else site.hole.line_before
    rest = "" if "\n" in blanks else site.hole.line_after[draft.replaces :]
    without = balance(before + rest, site.hole.language)
    joined = balance(before + last + rest, site.hole.language)
    count = len(joined.unclosed) - len(without.unclosed)
    if joined.quote or not 0 < count <= _MOST_CLOSERS:
        return None
    return replace(draft, text=visible + joined.closers[:count] + blanks)


def _closers_at_end(text: str) -> int:
    return min(len(text) - len(text.rstrip(_CLOSERS)), _MOST_CLOSERS)

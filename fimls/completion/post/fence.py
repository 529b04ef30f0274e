"""Code fences: models that learned from chats wrap code in them; the fence is not code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post.draft import cut_before, without_begin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

_FENCE = "```"

# Three backticks or more and at most the name of a language.
_FENCE_LINE = re.compile(r"\s*`{3,}\s*[\w.+#-]*\s*")


def unfenced(lines: Sequence[str], site: Site) -> Sequence[str]:
    """The lines without a fence that opens them."""
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None or site.hole.language.prose or not _is_fence(lines[first]):
        return lines
    return without_begin(lines[first + 1 :], site)


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After the line with the closing fence, whatever follows is talk."""
    at = _closing(lines, site)
    return None if at is None else at + 1


def apply(draft: Draft, site: Site) -> Draft:
    """Drops a fence that opens the text, and everything from one that closes it."""
    if _FENCE not in draft.text:
        return draft
    lines = unfenced(draft.text.split("\n"), site)
    at = _closing(lines, site)
    text = "\n".join(lines) if at is None else cut_before(lines, at, site)
    return replace(draft, text=text)


def _closing(lines: Sequence[str], site: Site) -> int | None:
    """Where a line is a fence; within a documentation string, one belongs to the text."""
    if site.hole.language.prose:
        return None
    quoted = False
    for at, line in enumerate(lines):
        if _is_fence(line) and not quoted:
            return at
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return None


def _is_fence(line: str) -> bool:
    return _FENCE_LINE.fullmatch(line) is not None

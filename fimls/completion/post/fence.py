"""Code fences: models that learned from chats wrap code in them; fence and talk are not code."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from fimls.completion.post.draft import cut_before, without_begin
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

_FENCE = "```"

# Three backticks or more and at most the name of a language.
_FENCE_LINE = re.compile(r"\s*`{3,}\s*[\w.+#-]*\s*")

# A sentence, as chats have it before the code; no line of a program begins like this.
_TALK = re.compile(
    r"\s*(?:[A-Z][a-z'’]*,? ){1,2}\S+ [^`]*[.:!?]\s*|\s*(?:Sure|Certainly|Of course)\b.*"
)

# Lines of talk before a fence, at the most; who says more has no code to show.
_MOST_TALK = 4

# Where a sentence of its own is a line as good as any.
_WITH_SENTENCES = frozenset({"html", "xml", "xsl", "vue", "svelte", "astro", "yaml", "ini"})


def unfenced(lines: Sequence[str], site: Site) -> Sequence[str]:
    """The lines without a fence that opens them, and without the talk before it."""
    at = _opening(lines, site)
    return lines if at is None else without_begin(lines[at + 1 :], site)


def may_talk(lines: Sequence[str], site: Site) -> bool:
    """Whether all that has been said may be talk before a fence."""
    said = [line for line in lines if line.strip()]
    return (
        0 < len(said) <= _MOST_TALK
        and _is_code(site)
        and all(_is_talk(each, site) for each in said)
    )


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After the line with the closing fence, whatever follows is talk."""
    at = _closing(lines, site)
    return None if at is None else at + 1


def apply(draft: Draft, site: Site) -> Draft:
    """Drops a fence that opens the text, all from one that closes it, and talk at the end."""
    lines: Sequence[str] = draft.text.split("\n")
    if _FENCE in draft.text:
        lines = unfenced(lines, site)
        at = _closing(lines, site)
        text = "\n".join(lines) if at is None else cut_before(lines, at, site)
        return replace(draft, text=text)
    at = _talk_at_end(lines, site)
    return draft if at is None else replace(draft, text=cut_before(lines, at, site))


def _opening(lines: Sequence[str], site: Site) -> int | None:
    """Where the fence is that opens the text, if one does."""
    if not _is_code(site):
        return None
    visible = ((at, line) for at, line in enumerate(lines) if line.strip())
    for at, line in islice(visible, _MOST_TALK + 1):
        if _is_fence(line):
            return at
        if not _is_talk(line, site):
            return None
    return None


def _closing(lines: Sequence[str], site: Site) -> int | None:
    """Where a line is a fence; within a documentation string, one belongs to the text."""
    if not _is_code(site):
        return None
    quoted = False
    for at, line in enumerate(lines):
        if _is_fence(line) and not quoted:
            return at
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return None


def _talk_at_end(lines: Sequence[str], site: Site) -> int | None:
    """Where the sentences begin that the text ends with, a blank line after its code."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_talk(lines[end - 1], site)):
        end -= 1
    if end in (0, len(lines)) or lines[end].strip() or not "".join(lines[end:]).strip():
        return None
    nesting = Nesting(site.hole.language)
    for line in lines[:end]:
        nesting.feed(line)
    return None if nesting.is_quoted or not _is_code(site) else end


def _is_fence(line: str) -> bool:
    return _FENCE_LINE.fullmatch(line) is not None


def _is_talk(line: str, site: Site) -> bool:
    return site.hole.language.id not in _WITH_SENTENCES and _TALK.fullmatch(line) is not None


def _is_code(site: Site) -> bool:
    """Whether a fence has nothing to look for at the hole: in strings and comments it may."""
    return not site.hole.language.prose and not site.is_in_text

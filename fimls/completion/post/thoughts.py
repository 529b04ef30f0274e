"""Thoughts: what a reasoning model says to itself before it answers is not part of the answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING, Final

from fimls.completion.post.draft import cut_before, without_begin
from fimls.completion.post.landmarks import opens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Qwen, DeepSeek and their kin; who is told not to think says the marks with nothing between them.
_BEGIN: Final = "<think>"
_END: Final = "</think>"


def without_thoughts(lines: Sequence[str], site: Site) -> Sequence[str]:
    """The lines after the thoughts that they begin with; none while these go on."""
    if not _begins(lines):
        return lines
    end = next((at for at, line in enumerate(lines) if _END in line), len(lines))
    rest = list(dropwhile(lambda line: not line.strip(), lines[end + 1 :]))
    if not (site.starts_line or site.code_follows) and opens(
        site.hole.line_before, site.hole.language
    ):
        # What has been opened goes on in the next line.
        return ["", *rest]
    return without_begin(rest, site)


def may_think(lines: Sequence[str]) -> bool:
    """Whether nothing but thoughts has come so far."""
    return _begins(lines) and not any(_END in line for line in lines)


def heard(lines: Sequence[str], _site: Site) -> int | None:
    """After the line with which the model begins to think, the answer is over."""
    at = _begin(lines)
    return None if at is None else at + 1


def apply(draft: Draft, site: Site) -> Draft:
    """Drops thoughts at the begin of the text, and everything from where others begin."""
    if _BEGIN not in draft.text:
        return draft
    lines = without_thoughts(draft.text.split("\n"), site)
    at = _begin(lines)
    return replace(draft, text="\n".join(lines) if at is None else cut_before(lines, at, site))


def _begin(lines: Sequence[str]) -> int | None:
    return next((at for at, line in enumerate(lines) if line.lstrip().startswith(_BEGIN)), None)


def _begins(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return first.lstrip().startswith(_BEGIN)

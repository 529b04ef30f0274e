"""Lines that begin something fit if they would when it is finished.

Alone such a line breaks the syntax, as it does when its author types it, and an author takes it
gladly: what it lacks comes with the next lines.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post.endings import begins, comment_end, endings, only_line, some_whole
from fimls.completion.post.fitness import fits_surely
from fimls.syntax.scopes import Kind
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site
    from fimls.syntax.effort import Effort

# Each ending costs a parse, and where none of so many fits the line most likely is wrong.
_MOST_TRIED: Final = 6
_MOST_CALLS: Final = 150


def is_begun(line: str, site: Site) -> bool:
    """Whether only the next lines can be the end of what a line has begun at a place."""
    return site.kind is Kind.CODE and begins(line, site.hole.language)


def fits_when_finished(draft: Draft, site: Site) -> bool:
    """Whether a text is one line that begins something, and would fit with what that lacks."""

    def is_whole(whole: Draft, effort: Effort) -> bool:
        return fits_surely(whole, site, effort)

    return some_whole(finished(draft, site), is_whole, _MOST_CALLS)


def finished(draft: Draft, site: Site) -> Iterator[Draft]:
    """What a text may be when it is finished, most likely first; nothing for what begins nothing.

    What the editor has closed behind it stays closed.
    """
    line = only_line(draft.text)
    if line is None or site.leads_on or not is_begun(line, site):
        return
    for end in islice(_ends(line, draft, site), _MOST_TRIED):
        # On a line of its own, since a comment may stand at the end of the other.
        yield replace(draft, text=f"{draft.text.rstrip()}\n{end}")


def _ends(line: str, draft: Draft, site: Site) -> Iterator[str]:
    """How a line may end, most likely first."""
    begun, language = site.hole.line_before + draft.text, site.hole.language
    closers, comment = balance(begun, language).closers, comment_end(begun, language)
    rest = site.hole.line_after[draft.replaces :].strip().rstrip(";,")
    if comment:
        yield comment
    elif rest:
        yield closers.removesuffix(rest)
    else:
        yield from endings(line, closers, language)

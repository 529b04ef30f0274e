"""Forward: a line fits a torn place if it goes on from the lines above that.

What stands below belongs there to something else: a method that has lost its header, a comment that
lacks its end.  No parser can tell then, and counting brackets tells little.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post.endings import begins, comment_end, endings
from fimls.syntax.effort import Effort
from fimls.syntax.forward import code_above, is_whole
from fimls.syntax.scopes import Kind
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# The innermost brackets that are to be closed together, after which a statement may end.
_INNERMOST: Final = re.compile(r"\}*[)\]]+|\}|\Z")

# What may follow when they are closed: nothing, the end of a statement, a body.
_AFTER: Final = ("", ";", " {}")

_MOST_TRIED: Final = 12
_MOST_EFFORT: Final = 200


def goes_on(draft: Draft, site: Site) -> bool:
    """Whether one line of text is in order with the lines above it, when all is closed."""
    hole, grammar = site.hole, site.hole.language.grammar
    if grammar is None or hole.language.by_indentation or hole.line_after[draft.replaces :].strip():
        return False
    lines = [line for line in draft.text.split("\n") if line.strip()]
    code = code_above(hole.text, hole.offset, draft.text, grammar) if len(lines) == 1 else None
    if code is None:
        return False
    effort = Effort(_MOST_EFFORT)
    for end in islice(_ends(lines[0], code, draft, site), _MOST_TRIED):
        if is_whole(f"{code}\n{end}\n", grammar, effort):
            return True
        if effort.left <= 0:
            break
    return False


def lacks_end(site: Site) -> bool:
    """Whether the hole is in a comment of which the end is another one's."""
    marks = site.hole.language.block_comment
    if marks is None or site.kind is not Kind.COMMENT:
        return False
    begin, end = marks
    next_end = site.hole.text.find(end, site.hole.offset)
    return next_end < 0 or site.hole.text.find(begin, site.hole.offset, next_end) >= 0


def _ends(line: str, code: str, draft: Draft, site: Site) -> Iterator[str]:
    """What may close all that is open, most likely first."""
    language = site.hole.language
    closers = balance(code, language).closers
    comment = comment_end(code, language)
    if comment:
        yield from (comment + outer for outer in _closed(closers))
    elif begins(line, language):
        own = balance(site.hole.line_before + draft.text, language).closers
        for outer in _closed(closers.removeprefix(own)):
            yield from (end + outer for end in endings(line, own, language))
    else:
        yield from _closed(closers)


def _closed(closers: str) -> Iterator[str]:
    """Closers, with what may have to stand between the innermost of them and the others."""
    found = _INNERMOST.match(closers)
    innermost = found.end() if found else 0
    for after in _AFTER if innermost else ("",):
        yield closers[:innermost] + after + closers[innermost:]

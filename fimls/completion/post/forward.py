"""Forward: a line fits a torn place if it goes on from the lines above that.

What stands below belongs there to something else: a method that has lost its header, a comment that
lacks its end.  No parser can tell then, and counting brackets tells little.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post.endings import begins, comment_end, endings, only_line, some_whole
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
_MOST_CALLS: Final = 200


def goes_on(draft: Draft, site: Site) -> bool:
    """Whether one line of text is in order with the lines above it, when all is closed."""
    hole, grammar = site.hole, site.hole.language.grammar
    if grammar is None or hole.language.by_indentation or hole.line_after[draft.replaces :].strip():
        return False
    line = only_line(draft.text)
    code = None if line is None else code_above(hole.text, hole.offset, draft.text, grammar)
    if line is None or code is None:
        return False
    ends = islice(_ends(line, code, draft, site), _MOST_TRIED)
    tried = (f"{code}\n{end}\n" for end in ends)
    return some_whole(tried, lambda each, effort: is_whole(each, grammar, effort), _MOST_CALLS)


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

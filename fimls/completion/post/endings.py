"""Endings: what may follow a line that begins something, for that to be whole.

By them a line is judged whose end the next lines are to bring: the header of a block, a call over
several lines, a value that stands on the next one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from fimls.completion.post.landmarks import without_comment
from fimls.syntax.effort import Effort
from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fimls.text.language import Language

_Whole = TypeVar("_Whole")

# What ends a line that goes on below: the opener of a body, one of a list, an element of it, or
# what a value follows.
_BODY: Final = re.compile(r"\{\s*\Z")
_LIST: Final = re.compile(r"[(\[]\s*\Z")
_ELEMENT: Final = re.compile(r",\s*\Z")
_VALUE: Final = re.compile(r"(?:[-=]>|[=+%&|?:<-]|(?<![*/])/)\s*\Z")
# An annotation stands before what it is about.
_LEAD: Final = re.compile(r"^\s*@\w[\w.]*(?:\(.*\))?\s*\Z")

_GOES_ON: Final = (_BODY, _LIST, _ELEMENT, _VALUE, _LEAD)

# What stands for a value that is still to come.
_OPERAND: Final = " x"

# What may follow what is closed: nothing, the end of a statement, the body of what a list belongs
# to, the next element of a list.
_AFTER_BODY: Final = ("", ";", ",")
_AFTER_LIST: Final = ("", ";", " {}", ",")

# What an annotation may be about.
_LED: Final = (" int x;", " x;", " class x {}")

# What has to follow a body, by how its line begins.
_CLAUSES: Final = (
    (re.compile(r"\s*try\b"), (" finally {}", " catch (...) {}")),
    (re.compile(r"\s*do\b"), (" while (x);",)),
    (re.compile(r"\s*(?:import|export)\b"), (' from "x";', *_AFTER_BODY)),
    (re.compile(r"\s*typedef\b"), (" x;",)),
)


def only_line(text: str) -> str | None:
    """The one visible line of a text; None where it has more of them, or none.

    Of several lines the others are the end of what the first begins: only one is to be finished.
    """
    visible = [line for line in text.split("\n") if line.strip()]
    return visible[0] if len(visible) == 1 else None


def some_whole(
    tried: Iterable[_Whole], is_whole: Callable[[_Whole, Effort], bool], calls: int
) -> bool:
    """Whether one of what is tried is whole, as far as so many calls of the parser tell."""
    effort = Effort(calls)
    for each in tried:
        if is_whole(each, effort):
            return True
        if effort.left <= 0:
            return False
    return False


def begins(line: str, language: Language) -> bool:
    """Whether only the next lines can be the end of what a line of code has begun.

    Where blocks end by indentation a header is whole without them.
    """
    if language.by_indentation or language.prose:
        return False
    code = without_comment(line, language)
    return bool(comment_end(line, language)) or any(each.search(code) for each in _GOES_ON)


def comment_end(code: str, language: Language) -> str:
    """What ends the comment that some code ends within; "" where it ends in none."""
    begin, end = language.block_comment or ("", "")
    is_open = bool(begin) and code.rfind(begin) > code.rfind(end)
    return f"\n{end}" if is_open and balance(code, language).quote == begin else ""


def endings(line: str, closers: str, language: Language) -> Iterator[str]:
    """What may end a line that begins something, most likely first; `closers` are of its own."""
    line = without_comment(line, language)
    if _LEAD.search(line):
        yield from _LED
        return
    if _BODY.search(line):
        clauses = (after for word, after in _CLAUSES if word.match(line))
        yield from (closers + after for after in next(clauses, _AFTER_BODY))
        return
    if _LIST.search(line):
        yield from (closers + after for after in _AFTER_LIST)
    yield from (_OPERAND + closers + after for after in _AFTER_LIST if closers or after != " {}")

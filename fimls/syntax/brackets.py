"""Brackets that a piece of code leaves open, told without parsing it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from fimls.syntax.kinds import LINE_COMMENTS

_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}

# A string on one line; what it holds does not count.
_STRING: Final = r"""(["'`])(?:\\.|(?!\1)[^\\\n])*\1"""


def closers_of(code: str, grammar: str) -> str:
    """The closers of the brackets that are open at the end of some code, innermost first."""
    opened: list[str] = []
    for found in _token(grammar).finditer(code):
        token = found.group()
        if token in _CLOSERS:
            opened.append(token)
        elif opened and token == _CLOSERS[opened[-1]]:
            opened.pop()
    return "".join(_CLOSERS[bracket] for bracket in reversed(opened))


@cache
def _token(grammar: str) -> re.Pattern[str]:
    """Finds strings and comments, and the brackets that are in neither."""
    mark = LINE_COMMENTS.get(grammar)
    comment = rf"|{re.escape(mark)}[^\n]*" if mark else ""
    return re.compile(rf"{_STRING}{comment}|[()\[\]{{}}]")

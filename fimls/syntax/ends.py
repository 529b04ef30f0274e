"""The ends of a fragment: what it begins and ends within, and what makes it a whole of its own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from fimls.syntax.brackets import closers_of
from fimls.syntax.kinds import LONG_QUOTES
from fimls.text.brackets import balance
from fimls.text.languages import language_of_grammar

# How far a comment's begin is looked for above, and its end below.
_COMMENT_CHARS: Final = 20_000

# What conditions of a preprocessor begin and end with, and what goes between.
_CONDITIONAL: Final = frozenset({"c", "cpp", "c_sharp"})
_CONDITION: Final = re.compile(r"^[ \t]*#[ \t]*(?:(if\w*)|(endif)|el\w+)\b", re.MULTILINE)


class Within:
    """What the places above an offset are within: a long string, a comment, or neither.

    That is told from all that stands before them, of which each part is read once.
    """

    def __init__(self, text: str, offset: int, grammar: str) -> None:
        self._text = text
        self._offset = offset
        quotes = LONG_QUOTES.get(grammar, ())
        self._counts = {quote: text.count(quote, 0, offset) for quote in quotes}
        self._marks = language_of_grammar(grammar).block_comment

    def at(self, offset: int) -> str:
        """What the string or comment begins with that an offset is in; "" for none."""
        for quote, count in self._counts.items():
            if (count - self._text.count(quote, offset, self._offset)) % 2:
                return quote
        if self._marks is not None and _is_in_comment(self._text, offset, *self._marks):
            return self._marks[0]
        return ""


@lru_cache(maxsize=4)
def within_at(text: str, offset: int, grammar: str) -> Within:
    """What the places above an offset are within; made once for all that is asked about a place."""
    return Within(text, offset, grammar)


def _is_in_comment(text: str, offset: int, begin: str, end: str) -> bool:
    limit = max(0, offset - _COMMENT_CHARS)
    start = text.rfind(begin, limit, offset)
    while start > 0 and not text[start - 1].isspace():
        # `src/**/*.c` begins no comment.
        start = text.rfind(begin, limit, start)
    return start >= 0 and text.find(end, start + len(begin), offset) < 0


def closer_below(code: str, text: str, bottom: int, grammar: str) -> str:
    """What ends the string or comment that is open at the end of `code`, if the text below does.

    `code` are the lines of the text up to the offset `bottom`, with the change.
    """
    language = language_of_grammar(grammar)
    quotes = LONG_QUOTES.get(grammar, ())
    begin, end = language.block_comment or ("", "")
    if not any(mark and mark in code for mark in (begin, *quotes)):
        return ""
    quote = balance(code, language).quote
    if quote in quotes:
        # So the author's text says, in which the change has no part.
        return quote if text.count(quote, bottom) % 2 else ""
    if not begin or quote != begin:
        return ""
    at = text.find(end, bottom, bottom + _COMMENT_CHARS)
    return end if at >= 0 and text.find(begin, bottom, at) < 0 else ""


def brackets_below(head: str, rest: str, grammar: str) -> str:
    """The closers that were not kept: of brackets that the head opens and nothing closes."""
    missing = closers_of(head + rest, grammar)
    return missing[max(0, len(missing) - len(closers_of(head, grammar))) :]


def conditions(code: str, grammar: str) -> tuple[int, int]:
    """How many conditions of the preprocessor some code ends, and begins, without the other end."""
    if grammar not in _CONDITIONAL:
        return 0, 0
    ended = begun = 0
    for found in _CONDITION.finditer(code):
        begins, ends = found.groups()
        if not begins and begun == 0:
            ended += 1
            begun += 1
        begun += 1 if begins else -1 if ends else 0
    return ended, begun

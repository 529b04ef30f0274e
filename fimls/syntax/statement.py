"""A statement as lines are added to it: whether a bracket or a string of it is still open."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fimls.text.brackets import balance
from fimls.text.languages import language_of_grammar

if TYPE_CHECKING:
    from fimls.text.brackets import Balance
    from fimls.text.language import Language

# Lines that a statement in brackets is spread over at the most.
_MOST_LINES: Final = 40

_OPENERS: Final = {")": "(", "]": "[", "}": "{"}

# What a line has that opens or closes something.
_TELLING: Final = re.compile(r"[()\[\]{}\"'`/*#-]")


class Statement:
    """Follows lines, and knows whether a round or square bracket, or a string, is open."""

    _left = _MOST_LINES

    def __init__(self, head: str, own: str, grammar: str) -> None:
        self._language = language_of_grammar(grammar)
        found = _opened(head, self._language)
        self._open, self._quote = found.unclosed, found.quote
        self.feed(own)

    @property
    def is_open(self) -> bool:
        """Whether the next line belongs to the same statement, if it is no less indented."""
        return self._left > 0 and self._open[-1:] in ("(", "[")

    @property
    def is_in_string(self) -> bool:
        """Whether the next line begins in a string or a comment."""
        return self._left > 0 and bool(self._quote)

    @property
    def is_in_block(self) -> bool:
        """Whether a bracket of any kind is open."""
        return bool(self._open)

    def feed(self, line: str) -> None:
        """Takes in the next line, without its end."""
        self._left -= 1
        if not self._quote and _TELLING.search(line) is None:
            return
        found = _balanced(line, self._language, self._quote)
        for closer in found.unmatched:
            # What matches nothing, as in a pattern of bash's `case`, closes nothing.
            self._open = self._open.removesuffix(_OPENERS[closer])
        self._open += found.unclosed
        self._quote = found.quote


# Several texts are judged at a place, and what stands above and below it stays.
@lru_cache(maxsize=128)
def _balanced(line: str, language: Language, quote: str) -> Balance:
    return balance(f"{line}\n", language, quote)


@lru_cache(maxsize=4)
def _opened(head: str, language: Language) -> Balance:
    return balance(head, language)

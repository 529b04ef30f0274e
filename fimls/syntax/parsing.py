"""A parse that is done piece by piece, so that nothing else has to wait for the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.syntax.grammars import new_parser
from fimls.syntax.reading import Reading
from fimls.syntax.tree import Tree, earlier

if TYPE_CHECKING:
    from fimls.syntax.effort import Effort

# What is not done after this much is given up: four times what the largest document takes that is
# worked on (2 MB in order: 16,000).
_MOST_CALLS: Final = 64_000


class Parsing:
    """The parse of one text, begun from an earlier tree of it where there is one.

    It has a parser of its own: others may be used between its pieces.  `spent` are the calls that
    it has taken so far.
    """

    def __init__(self, text: str, grammar: str, previous: Tree | None = None) -> None:
        self.text: Final = text
        self._grammar = grammar
        self._source = text.encode(errors="replace")
        self._old = earlier(previous, grammar, self._source)
        self._parser = new_parser(grammar)
        self._is_astray = False
        self.spent = 0

    @property
    def is_anew(self) -> bool:
        """Whether there was no earlier tree to begin from."""
        return self._old is None

    @property
    def is_hopeless(self) -> bool:
        """Whether there is no such grammar, or too much was spent already, or at once."""
        return self._parser is None or self._is_astray or self.spent > _MOST_CALLS

    def go_on(self, effort: Effort) -> Tree | None:
        """The tree, where it is done with that much more effort; not to be asked again then."""
        if self._parser is None or self.is_hopeless:
            return None
        before, reading = effort.left, Reading(self._source, effort, may_go_on=True)
        parsed = reading.parse(self._parser, self._old)
        self.spent += before - effort.left
        self._is_astray = reading.is_astray
        return None if parsed is None else Tree(self.text, self._source, self._grammar, parsed)

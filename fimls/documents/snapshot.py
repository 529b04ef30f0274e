"""A document at one moment: what every question about it is answered from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from fimls.text.encodable import encodable
from fimls.text.hole import Hole
from fimls.text.lines import LF, dominant_eol, to_lf
from fimls.text.positions import LineIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.syntax.effort import Effort
    from fimls.syntax.parsing import Parsing
    from fimls.syntax.tree import Tree
    from fimls.text.languages import Language
    from fimls.text.line_starts import LineStarts
    from fimls.text.positions import Encoding, Position
    from fimls.text.seam import Seam

Problem = Literal["too large", "not text"]

MAX_BYTES: Final = 2_000_000
"""The largest text that is worked on, as UTF-8.

What is larger is generated or is data, and parsing it would hold the editor up for seconds.
"""

_MOST_BYTES_A_CHARACTER: Final = 4


@dataclass(frozen=True, slots=True)
class _Allowance:
    """What a parse may cost: calls of the parser (`syntax/effort.py`), and seconds.

    The seconds are for where calls take many times what they should, which only a clock shows.
    """

    calls: int
    seconds: float


# When a key was hit.  In 2,000 lines of real sources that are in order the tree of a changed text
# takes 10 to 77 calls (1.3 ms).  Where a bracket has been opened just now they run out after 4 to
# 8 ms; without a limit the parser would look for its partner for 13 ms, and at 20,000 lines for 110
# to 210 ms.
_AT_KEY: Final = _Allowance(80, 0.006)

# For the first text of all: 1,000 lines in 6 ms.  A longer one would not be done with that (a call
# comes to 100 to 250 characters), and is parsed at leisure.
_AT_FIRST: Final = _Allowance(300, 0.009)
_MOST_AT_FIRST_CHARS: Final = 80_000

# Freeing a tree is one call that nothing can cut in pieces: 11 to 19 ms for 814,000 characters of
# Python (20,000 lines), and the editor's loop may be held for 15.  A longer text has no tree, and
# is judged by the lines around the hole: they agree with the whole in 99.9 % there.
_MOST_TREE_CHARS: Final = 500_000

# At a time at leisure, so that nothing has to wait for it: 1.2 ms in text that is in order.  With
# the last piece the tree is balanced as well, which takes 7 ms at 20,000 lines.
_PIECE: Final = _Allowance(60, 0.003)


def _idle() -> float:
    """A clock that stands still: nothing is ever late."""
    return 0.0


@dataclass(slots=True)
class LastTree:
    """The tree that was parsed last of a document, for the next one to begin from.

    All snapshots of a document share it, so that none needs an older one to be kept alive.
    `is_behind` is set where a later text was too much to parse between two keys; `parsing` is what
    has been done of it.  `is_slow` is set where that was so although the text was in order, as in
    20,000 lines of Python: there it is not tried.  `busy_s` tells how long its thread has worked.
    """

    busy_s: Callable[[], float] = _idle
    tree: Tree | None = None
    is_behind: bool = False
    is_slow: bool = False
    parsing: Parsing | None = None

    @property
    def is_sound(self) -> bool:
        """Whether the text was in order when it was parsed last, so that it quickly is again."""
        if self.tree is None:
            return not self.is_behind
        return not (self.is_behind or self.is_slow or self.tree.root.has_error)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A document at one moment; it never changes, and is equal only to itself.

    `source` is the text with whatever line ends it has.  `path` is relative to the workspace
    folder where there is one, else the file's name.  `preamble` is what belongs before the text
    without being in it: a notebook's cells above (LF line ends, ends with LF where not empty).
    `starts` are those of the lines of `text`, where they are known already, and `seam` is `source`
    in parts where that is `text` already.
    What is derived from these is made when it is first asked for.
    """

    uri: str
    version: int
    language: Language
    path: str
    source: str = field(repr=False)
    preamble: str = field(default="", repr=False)
    last_tree: LastTree = field(default_factory=LastTree, repr=False)
    starts: LineStarts | None = field(default=None, repr=False)
    seam: Seam | None = field(default=None, repr=False)

    @cached_property
    def text(self) -> str:
        """The text with LF line ends only, and always such that it can be encoded."""
        return self.source if self.seam is not None else to_lf(encodable(self.source))

    @cached_property
    def eol(self) -> str:
        """The line end that the document's own text has most often."""
        return LF if self.seam is not None else dominant_eol(self.source)

    @cached_property
    def lines(self) -> LineIndex:
        """Where the lines of `text` begin."""
        return LineIndex(self.text, self.starts)

    @cached_property
    def problem(self) -> Problem | None:
        """Why this text cannot be worked on, or None."""
        if _is_over(MAX_BYTES, self.source):
            return "too large"
        return "not text" if self.seam is None and "\0" in self.source else None

    @cached_property
    def can_have_tree(self) -> bool:
        """Whether this text is ever parsed: a grammar is there, and it is not too long for one."""
        is_short = len(self.source) <= _MOST_TREE_CHARS
        return is_short and self.language.grammar is not None and self.problem is None

    @cached_property
    def tree(self) -> Tree | None:
        """The syntax tree of `text`, where that is quickly had.

        None where `can_have_tree` says no, before a long text has been parsed for the first
        time, and while the text is not in order: a parser that looks for the way out of a fault
        takes longer than there is between two keys.
        """
        last = self.last_tree
        if last.tree is not None and last.tree.text == self.text:
            return last.tree
        if not last.is_sound:
            return None
        if last.tree is not None:
            return self._parsed(_AT_KEY)
        return self._parsed(_AT_FIRST) if len(self.text) <= _MOST_AT_FIRST_CHARS else None

    def tree_with(self, text: str) -> Tree | None:
        """The tree of another text, of which most is the same, where that is quickly had."""
        if self.tree is None:
            return None
        from fimls.syntax.tree import parse

        return parse(text, self.language.grammar, self.tree, self._effort(_AT_KEY))

    def settle(self) -> bool:
        """Parses a piece of the text if `tree` could not, so that the next one may be quick again.

        To be called when nobody waits, and again until it returns False: then there is no more.
        """
        last = self.last_tree
        if last.tree is not None and last.tree.text == self.text:
            return False
        if self._parsed(_PIECE) is not None:
            # It may have been asked for in vain, and is there now.
            self.__dict__.pop("tree", None)
            return False
        return last.parsing is not None and not last.parsing.is_hopeless

    def _parsed(self, allowance: _Allowance) -> Tree | None:
        """The tree, if it is done with that much more; else it is gone on with next time."""
        grammar = self.language.grammar
        if grammar is None or not self.can_have_tree:
            return None
        # The grammars are loaded with the first tree and not when the server starts.
        from fimls.syntax.parsing import Parsing

        last = self.last_tree
        if last.parsing is None or last.parsing.text != self.text:
            last.parsing = Parsing(self.text, grammar, last.tree)
        parsing = last.parsing
        tree = parsing.go_on(self._effort(allowance))
        last.is_behind = tree is None
        if tree is not None:
            last.is_slow = parsing.spent > _AT_KEY.calls and not parsing.is_anew
            last.tree, last.parsing = tree, None
        return tree

    def _effort(self, allowance: _Allowance) -> Effort:
        from fimls.syntax.effort import Effort

        busy_s = self.last_tree.busy_s
        until_s = busy_s() + allowance.seconds
        return Effort(allowance.calls, is_late=lambda: busy_s() > until_s)

    def hole(self, position: Position, encoding: Encoding) -> Hole:
        """The hole at a position, which is clamped to the text."""
        return self.hole_at(self.lines.offset(position, encoding))

    def hole_at(self, offset: int) -> Hole:
        """The hole at an offset in `text`, which is clamped to it."""
        within = min(max(offset, 0), len(self.text))
        return Hole(self.text, within, self.language, self.path, self.preamble, self.seam)


def _is_over(limit_bytes: int, source: str) -> bool:
    """Whether a text is longer than that as UTF-8, found without encoding it where possible."""
    if source.isascii() or len(source) > limit_bytes:
        return len(source) > limit_bytes
    if len(source) * _MOST_BYTES_A_CHARACTER <= limit_bytes:
        return False
    return len(source.encode(errors="surrogatepass")) > limit_bytes

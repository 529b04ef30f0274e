"""A document at one moment: what every question about it is answered from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from fimls.text.encodable import encodable
from fimls.text.hole import Hole
from fimls.text.lines import dominant_eol, to_lf
from fimls.text.positions import LineIndex

if TYPE_CHECKING:
    from fimls.syntax.tree import Tree
    from fimls.text.languages import Language
    from fimls.text.positions import Encoding, Position

Problem = Literal["too large", "not text"]

MAX_BYTES: Final = 2_000_000
"""The largest text that is worked on, as UTF-8.

What is larger is generated or is data, and parsing it would hold the editor up for seconds.
"""


@dataclass(slots=True)
class LastTree:
    """The tree that was parsed last of a document, for the next one to begin from.

    All snapshots of a document share it, so that none needs an older one to be kept alive.
    """

    tree: Tree | None = None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A document at one moment; it never changes, and is equal only to itself.

    `source` is the text with whatever line ends it has.  `path` is relative to the workspace
    folder where there is one, else the file's name.  `preamble` is what belongs before the text
    without being in it: a notebook's cells above (LF line ends, ends with LF where not empty).
    What is derived from these is made when it is first asked for.
    """

    uri: str
    version: int
    language: Language
    path: str
    source: str = field(repr=False)
    preamble: str = field(default="", repr=False)
    last_tree: LastTree = field(default_factory=LastTree, repr=False)

    @cached_property
    def text(self) -> str:
        """The text with LF line ends only, and always such that it can be encoded."""
        return to_lf(encodable(self.source))

    @cached_property
    def eol(self) -> str:
        """The line end that the document's own text has most often."""
        return dominant_eol(self.source)

    @cached_property
    def lines(self) -> LineIndex:
        """Where the lines of `text` begin."""
        return LineIndex(self.text)

    @cached_property
    def problem(self) -> Problem | None:
        """Why this text cannot be worked on, or None."""
        if _is_over(MAX_BYTES, self.source):
            return "too large"
        return "not text" if "\0" in self.source else None

    @cached_property
    def tree(self) -> Tree | None:
        """The syntax tree of `text`; None without a grammar, and where there is a `problem`."""
        if self.language.grammar is None or self.problem is not None:
            return None
        # The grammars are loaded with the first tree and not when the server starts.
        from fimls.syntax.tree import parse

        last = self.last_tree.tree
        if last is not None and last.text == self.text:
            return last
        tree = parse(self.text, self.language.grammar, last)
        if tree is not None:
            self.last_tree.tree = tree
        return tree

    def hole(self, position: Position, encoding: Encoding) -> Hole:
        """The hole at a position, which is clamped to the text."""
        return self.hole_at(self.lines.offset(position, encoding))

    def hole_at(self, offset: int) -> Hole:
        """The hole at an offset in `text`, which is clamped to it."""
        within = min(max(offset, 0), len(self.text))
        return Hole(self.text, within, self.language, self.path, self.preamble)


def _is_over(limit_bytes: int, source: str) -> bool:
    """Whether a text is longer than that as UTF-8, found without encoding it where possible."""
    if source.isascii() or len(source) > limit_bytes:
        return len(source) > limit_bytes
    return len(source.encode(errors="surrogatepass")) > limit_bytes

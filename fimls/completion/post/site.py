"""Where a completion would stand: the hole, its tree and shape, and the lines around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from fimls.completion.post.document_style import MOST_LINES, USUAL_UNIT, style_of
from fimls.syntax.scopes import Kind, kind_at
from fimls.text.brackets import balance
from fimls.text.indentation import indentation
from fimls.text.line_bounds import line_start, visible_above, visible_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.post.document_style import Style
    from fimls.completion.values import Shape
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole
    from fimls.text.language import Language

# A model that repeats what stands around the hole does so from the lines next to it; a dozen are
# more than any filter compares.
_NEIGHBOURS = 12

# How much text before the hole is searched for a string or comment that it may be in.
_WINDOW_CHARS = 4000

# Tabs count as the next multiple of this many columns, as Python and most editors read them.
_TAB_COLUMNS = 8


@dataclass(frozen=True)
class Site:
    """A hole that a model's text is to be fitted to.

    `tree` is the document's as it is now, None where its language has no grammar.  `told` are the
    comment lines by which the prompt tells of other files, without blanks around them.
    """

    hole: Hole
    tree: Tree | None
    shape: Shape
    told: frozenset[str] = frozenset()

    @cached_property
    def code_follows(self) -> bool:
        """Whether anything visible stands after the cursor on its line."""
        return bool(self.hole.line_after.strip())

    @cached_property
    def leads_on(self) -> bool:
        """Whether what follows the cursor on its line is more than what editors close."""
        return re.search(r"[^\s)\]}>\"'`,;:]", self.hole.line_after) is not None

    @cached_property
    def starts_line(self) -> bool:
        """Whether nothing visible stands before the cursor on its line."""
        return not self.hole.line_before.strip()

    @cached_property
    def follows_blank(self) -> bool:
        """Whether the line above the hole's is blank, or there is none."""
        end = max(0, self.hole.line_start - 1)
        return not self.hole.text[line_start(self.hole.text, end) : end].strip()

    @cached_property
    def splits_lines(self) -> bool:
        """Whether the cursor stands before code, at the start of its line: text goes above it."""
        return self.starts_line and self.code_follows

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The last visible lines before the hole, top first, its own line's begin included."""
        return tuple(islice(self.upwards(), _NEIGHBOURS))[::-1]

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The next visible lines of the document, the cursor's own where it stands before it."""
        own = (self.hole.line_before + self.hole.line_after).rstrip()
        lines = [own] if self.splits_lines else []
        return (*lines, *islice(self.downwards(), _NEIGHBOURS - len(lines)))

    @cached_property
    def quote(self) -> str:
        """The quote or comment mark that is open at the hole, "" for none: told without a tree."""
        hole = self.hole
        start = max(0, hole.offset - _WINDOW_CHARS)
        if start:
            # A line that is cut may begin in a string, and few strings are longer than a line.
            start = hole.text.find("\n", start, hole.offset) + 1 or start
        before = _from_code(hole.text[start : hole.offset], hole.language)
        return balance(before, hole.language).quote

    @cached_property
    def kind(self) -> Kind:
        """What text at the hole is part of."""
        if self.tree is not None:
            return kind_at(self.tree, self.hole.offset)
        if not self.quote:
            return Kind.CODE
        is_comment = self.quote in (self.hole.language.block_comment or ())
        return Kind.COMMENT if is_comment else Kind.STRING

    @cached_property
    def is_in_text(self) -> bool:
        """Whether the hole is in a comment or a string that may have lines of any kind."""
        return self.kind is not Kind.CODE and self.quote not in ("'", '"')

    @cached_property
    def style(self) -> Style | None:
        """How the document is indented around the hole."""
        parts = (
            list(islice(self.upwards(), MOST_LINES))[::-1],
            list(islice(self.downwards(), MOST_LINES)),
        )
        begun = self.hole.line_before if self.starts_line else ""
        return style_of(parts, begun, self.hole.language)

    @cached_property
    def unit(self) -> int:
        """By how many blanks a block is indented here, or is usually."""
        return (self.style.unit if self.style is not None else None) or USUAL_UNIT

    def upwards(self) -> Iterator[str]:
        """The visible lines before the hole, nearest first, without blanks at their end."""
        return map(str.rstrip, visible_above(self.hole.text, self.hole.offset))

    def downwards(self) -> Iterator[str]:
        """The visible lines below the hole's, nearest first, without blanks at their end."""
        return map(str.rstrip, visible_below(self.hole.text, self.hole.line_end + 1))


def _from_code(window: str, language: Language) -> str:
    """A window without the end of a comment that it begins in: a quote there begins no string."""
    begin, end = language.block_comment or ("", "")
    at = window.find(end) if end else -1
    return window[at + len(end) :] if at >= 0 and begin not in window[:at] else window


def width(line: str) -> int:
    """The width of a line's indentation, in columns."""
    return len(indentation(line).expandtabs(_TAB_COLUMNS))

"""The place of a hole: what it stands in, and the lines around it that tell what is due there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import closes
from fimls.completion.post.site import width
from fimls.syntax.scopes import Kind, kind_at, kind_in_text
from fimls.text.line_bounds import line_start, visible_above, visible_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole
    from fimls.text.language import Language

# Visible lines above that a header is looked for in: 0.4 µs for each of them, and the header of a
# function is nearer.
_MOST_LINES: Final = 200


@dataclass(frozen=True)
class Place:
    """A hole and what surrounds it; `tree` is None where nothing could be parsed."""

    hole: Hole
    tree: Tree | None

    @property
    def language(self) -> Language:
        """The language of the document."""
        return self.hole.language

    @cached_property
    def kind(self) -> Kind:
        """What a text typed at the hole would be part of."""
        return self.kind_at(self.hole.offset)

    def kind_at(self, offset: int) -> Kind:
        """What a text typed at an offset would be part of."""
        if self.tree is not None:
            return kind_at(self.tree, offset)
        return kind_in_text(self.hole.text, offset, self.language)

    @cached_property
    def starts_line(self) -> bool:
        """Whether nothing visible stands before the hole on its line."""
        return not self.hole.line_before.strip()

    @cached_property
    def is_mid_line(self) -> bool:
        """Whether something visible stands on both sides of the hole on its line."""
        return not self.starts_line and bool(self.hole.line_after.strip())

    @cached_property
    def above(self) -> str:
        """The line above the hole's, visible or not; "" where there is none."""
        start = self.hole.line_start
        if start == 0:
            return ""
        return self.hole.text[line_start(self.hole.text, start - 1) : start - 1]

    @cached_property
    def previous(self) -> str:
        """The nearest visible line above the hole's; "" where there is none."""
        return next(self.upwards(), "")

    @cached_property
    def next(self) -> str:
        """The nearest visible line from the hole on, its own where it stands before its code."""
        own = self.hole.line_before + self.hole.line_after
        if self.starts_line and own.strip():
            return own
        return next(visible_below(self.hole.text, self.hole.line_end + 1), "")

    @cached_property
    def column(self) -> int:
        """The column at which the hole's line begins, or its code where that follows."""
        own = self.hole.line_before + self.hole.line_after
        return width(own if own.strip() else self.hole.line_before)

    @cached_property
    def header(self) -> str:
        """The line that opens what the hole's line is in; "" where it is in nothing."""
        if self.column == 0:
            return ""
        outer = (line for line in islice(self.upwards(), _MOST_LINES) if width(line) < self.column)
        return next((line for line in outer if not closes(line)), "")

    @cached_property
    def is_at_end(self) -> bool:
        """Whether the body that the hole is in ends after it, as far as it has been written."""
        return not self.next or width(self.next) < self.column or closes(self.next)

    def upwards(self) -> Iterator[str]:
        """The visible lines above the hole's, nearest first."""
        return visible_above(self.hole.text, self.hole.line_start - 1)

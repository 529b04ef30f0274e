"""What goes from filter to filter, and what a filter is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fimls.completion.post.site import Site
    from fimls.completion.values import Skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way to be shown.

    `replaces` counts the code points after the hole, on its line, that the text replaces.
    `is_settled`: it makes a broken place whole, so nothing of it is to be cut off.
    """

    text: str
    replaces: int = 0
    is_settled: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to see."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Filter:
    """One step on the way: pure, and a text that fits already goes through it unchanged.

    `apply` is given text of which nothing is to come any more.  `heard` tells while the text still
    grows, from its whole lines, after how many of them it is certain that this filter drops all
    that follows; None while it is not.
    """

    name: str
    apply: Callable[[Draft, Site], Draft | Skip]
    heard: Callable[[Sequence[str], Site], int | None] | None = None


def cut_before(lines: Sequence[str], index: int, site: Site) -> str:
    """The lines before `index` as one text.

    Where the cursor stands before code at the start of its line, the text ends with a line end
    and the indentation that the code had, so that the code stays as it was.
    """
    kept = "\n".join(lines[:index])
    if not kept.strip():
        return ""
    return f"{kept}\n{site.hole.line_before}" if site.splits_lines else kept


def without_begin(lines: Sequence[str], site: Site) -> list[str]:
    """The lines that are left when whole lines before them were dropped.

    Their first begins at the line's start then, and the cursor may stand behind blanks already.
    """
    begun = site.hole.line_before
    if not lines or not site.starts_line:
        return list(lines)
    return [lines[0].removeprefix(begun), *lines[1:]]

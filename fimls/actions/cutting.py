"""Long code cut into parts that a model can read: at definitions, where there is a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.actions.definitions import definitions
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fimls.actions.collect import Selection
    from fimls.syntax.tree import Tree


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text (offsets); `names` are the definitions that begin in it."""

    start: int
    end: int
    names: tuple[str, ...] = ()


def parts_of(
    text: str, selection: Selection, tree: Tree | None, tokens: int, count: Callable[[str], int]
) -> tuple[Part, ...]:
    """The parts of a selection, each of at most so many tokens but for a line that has more.

    They begin where definitions do; a definition that is too long itself is cut between lines.
    """
    borders = _borders(text, selection, tree)
    parts: list[Part] = []
    start = end = selection.start
    for stop in (*sorted(borders), selection.end):
        if end > start and count(text[start:stop]) > tokens:
            parts += _by_lines(text, start, end, tokens, count)
            start = end
        end = stop
    parts += _by_lines(text, start, end, tokens, count)
    return tuple(
        Part(each.start, each.end, _names(borders, each))
        for each in parts
        if text[each.start : each.end].strip()
    )


def _borders(text: str, selection: Selection, tree: Tree | None) -> dict[int, str]:
    """Where definitions begin within a selection, with their names."""
    found = () if tree is None else definitions(tree)
    lines = {line_start(text, each.start): each.name for each in found}
    return {start: name for start, name in lines.items() if selection.start < start < selection.end}


def _by_lines(
    text: str, start: int, end: int, tokens: int, count: Callable[[str], int]
) -> Iterator[Part]:
    """A range in parts of whole lines."""
    used, begin, at = 0, start, start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop + 1
        cost = count(text[at:stop])
        if used and used + cost > tokens:
            yield Part(begin, at)
            used, begin = 0, at
        used += cost
        at = stop
    if begin < end:
        yield Part(begin, end)


def _names(borders: dict[int, str], part: Part) -> tuple[str, ...]:
    return tuple(name for start, name in borders.items() if part.start <= start < part.end)

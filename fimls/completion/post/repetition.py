"""Repetition: a model that loops is cut after the first time round, if it counts them or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.completion.post.counting import lines_in_loop
from fimls.completion.post.draft import cut_before
from fimls.completion.values import Reason, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# How often lines have to come in a row, by how many lines recur together.  Authors write a line
# twice, and now and then a pair of lines; a block of four or more, never.
_COPIES: Final = {1: 3, 2: 3, 3: 3, 4: 2, 5: 2, 6: 2, 7: 2, 8: 2}

# Within a line: a piece with a word in it, a dozen times in a row.  A table of numbers or a line
# of dashes stays under this.
_LONG_LINE_CHARS: Final = 100
_STUCK: Final = re.compile(r"(?=[^\n]{0,40}?\w)([^\n]{2,40}?)\1{11,}")

_WORD: Final = re.compile(r"\w")

# Lines that close a block at the same place: blocks end at places of their own, but for those that
# an author has not indented, as namespaces.
_CLOSER: Final = re.compile(r"\s+[)\]}]+[;,]*\Z")
_MOST_CLOSERS: Final = 4


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop: the lines before `keep` are kept; it is seen after `seen` lines."""

    keep: int
    seen: int


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After how many lines it is certain that the model loops."""
    loop = _loop(lines, site)
    return None if loop is None else loop.seen


def may_loop(lines: Sequence[str]) -> bool:
    """Whether the last lines have been said twice, and once more would make a loop of them."""
    visible = [line.rstrip() for line in lines if line.strip()]
    return any(_recurs(visible, period, 2) for period, copies in _COPIES.items() if copies > 2)


def is_stuck(line: str) -> bool:
    """Whether a line, which need not be whole, says the same over and over."""
    if len(line) < _LONG_LINE_CHARS:
        return False
    found = _STUCK.search(line)
    return found is not None and _WORD.search(found.group(1)) is not None


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Cuts a text that loops after the first time round."""
    lines = draft.text.split("\n")
    loop = _loop(lines, site)
    if loop is None:
        return draft
    text = cut_before(lines, loop.keep, site)
    return replace(draft, text=text) if text.strip() else Skip(Reason.REPEATS)


def _loop(lines: Sequence[str], site: Site) -> _Loop | None:
    """The first loop in the text, by the place where it is seen."""
    visible: list[str] = []
    places: list[int] = []
    for at, line in enumerate(lines):
        if is_stuck(line):
            return _Loop(at, at + 1)
        if not line.strip():
            continue
        visible.append((site.hole.line_before if at == 0 else "") + line.rstrip())
        places.append(at)
        for period, copies in _COPIES.items():
            if _recurs(visible, period, copies):
                return _Loop(places[len(visible) - period * (copies - 1)], at + 1)
        near = lines_in_loop(visible)
        if near is not None:
            count, period = near
            return _Loop(places[len(visible) - count + period], at + 1)
    return None


def _recurs(lines: Sequence[str], period: int, copies: int) -> bool:
    """Whether the last `period` lines have just been said `copies` times in a row."""
    if len(lines) < period * copies:
        return False
    last = lines[-period:]
    if not any(_WORD.search(line) for line in last):
        return period == 1 and _closes_again(lines)
    return all(
        lines[len(lines) - period * (copy + 1) : len(lines) - period * copy] == last
        for copy in range(1, copies)
    )


def _closes_again(lines: Sequence[str]) -> bool:
    """Whether the last line closes what is indented, over and over."""
    last = lines[-_MOST_CLOSERS:]
    is_same = len(last) == _MOST_CLOSERS and len(set(last)) == 1
    return is_same and _CLOSER.match(last[0]) is not None

"""Where the lines of a text begin: a value of which an edit makes another one at small cost."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# An edit counts the lines of a block anew, and goes over all blocks: 0.03 ms in 20,000 lines, of
# which to find all beginnings takes 2 ms.
_BLOCK_LINES: Final = 256
_MOST_LINES: Final = 2 * _BLOCK_LINES


class LineStarts:
    """The offsets at which the lines of a text begin, made of the sizes of the lines.

    A size is in code points and counts the line's end as one; the last line counts as if it had
    one.  Lines are kept in blocks, which what `spliced` returns has in common with this.
    """

    __slots__ = ("_blocks", "_first_lines", "_offsets", "count")

    count: int
    """The number of lines."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self._take(list(_in_blocks(list(accumulate(sizes)))))

    def start(self, line: int) -> int:
        """The offset at which a line begins; for `count`, where the line after the last one would.

        `line` is from 0 to `count`.
        """
        if line == self.count:
            return self._offsets[-1]
        block = self._block_of(line)
        within = line - self._first_lines[block]
        return self._offsets[block] + (self._blocks[block][within - 1] if within else 0)

    def line_at(self, offset: int) -> int:
        """The line that an offset is in; it is not negative, and in the text or at its end."""
        block = bisect_right(self._offsets, offset) - 1
        within = bisect_right(self._blocks[block], offset - self._offsets[block])
        return self._first_lines[block] + within

    def spliced(self, first: int, end: int, sizes: Sequence[int]) -> LineStarts:
        """Those of the text with other lines in place of the ones from `first` up to `end`."""
        left, right = self._block_of(first), self._block_of(end - 1)
        begin = self._first_lines[left]
        new = _spliced(self._ends(left, right), first - begin, end - begin, sizes)
        made = LineStarts(())
        made._take([*self._blocks[:left], *_in_blocks(new), *self._blocks[right + 1 :]])
        return made

    def _ends(self, left: int, right: int) -> list[int]:
        """Where the lines of some blocks end, counted from the begin of the first of them."""
        if left == right:
            return self._blocks[left]
        origin = self._offsets[left]
        blocks = zip(self._offsets[left:], self._blocks[left : right + 1], strict=False)
        return [offset - origin + end for offset, block in blocks for end in block]

    def _take(self, blocks: list[list[int]]) -> None:
        # For each line of a block, where it ends within the block.
        self._blocks = blocks
        self._first_lines = list(accumulate(map(len, blocks), initial=0))
        self._offsets = list(accumulate((block[-1] for block in blocks), initial=0))
        self.count = self._first_lines[-1]

    def _block_of(self, line: int) -> int:
        return bisect_right(self._first_lines, line) - 1


def _spliced(ends: list[int], first: int, end: int, sizes: Sequence[int]) -> list[int]:
    """The ends of lines when those from `first` up to `end` are replaced by others."""
    begin, *new = accumulate(sizes, initial=ends[first - 1] if first else 0)
    moved = (new[-1] if new else begin) - ends[end - 1]
    return [*ends[:first], *new, *[each + moved for each in ends[end:]]]


def _in_blocks(ends: list[int]) -> Iterator[list[int]]:
    """The same in blocks, in each of which it is counted from the block's begin."""
    if len(ends) <= _MOST_LINES:
        if ends:
            yield ends
        return
    for first in range(0, len(ends), _BLOCK_LINES):
        begin = ends[first - 1] if first else 0
        yield [each - begin for each in ends[first : first + _BLOCK_LINES]]

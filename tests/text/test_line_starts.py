"""Line starts after edits are those of the text that the edits make."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.text.line_starts import LineStarts

# Small ones, and so many that they fill several blocks.
SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=12)
MANY = st.integers(500, 1_600).map(lambda count: [1 + n % 3 for n in range(count)])
SPLICES = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(1, 700), SIZES | MANY), min_size=1, max_size=4
)


def check_lines(found: LineStarts, sizes: list[int]) -> None:
    starts = list(accumulate(sizes, initial=0))
    assert found.count == len(sizes)
    assert [found.start(line) for line in range(found.count + 1)] == starts
    for line, (start, size) in enumerate(zip(starts, sizes, strict=False)):
        # Its first character, and its end.
        assert found.line_at(start) == found.line_at(start + size - 1) == line


@given(SIZES | MANY)
def test_starts(sizes: list[int]) -> None:
    check_lines(LineStarts(sizes), sizes)


@settings(max_examples=60, deadline=None)
@given(SIZES | MANY, SPLICES)
def test_splices(sizes: list[int], splices: list[tuple[int, int, list[int]]]) -> None:
    found, before = LineStarts(sizes), list(sizes)
    first_of_all = found
    for at, length, new in splices:
        first = at % len(sizes)
        end = min(len(sizes), first + length)
        found = found.spliced(first, end, new)
        sizes = [*sizes[:first], *new, *sizes[end:]]
        check_lines(found, sizes)
    # What was there before is as it was.
    check_lines(first_of_all, before)


@pytest.mark.parametrize(
    ("first", "end", "new"),
    [
        # A whole block goes, and the last of all lines with it.
        (256, 512, []),
        (0, 599, []),
        # An edit over the border of two blocks.
        (255, 257, [1, 1]),
    ],
)
def test_blocks(first: int, end: int, new: list[int]) -> None:
    sizes = [2] * 600
    found = LineStarts(sizes).spliced(first, end, new)
    check_lines(found, [*sizes[:first], *new, *sizes[end:]])

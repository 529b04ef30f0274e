"""Where the line of an offset begins and ends, and which it is."""

from __future__ import annotations

import pytest

from fimls.testing.marks import marked
from fimls.text.line_bounds import (
    line_end,
    line_number,
    line_start,
    next_line,
    visible_above,
    visible_below,
)


@pytest.mark.parametrize(
    ("picture", "line", "number"),
    [
        ("█", "", 1),
        ("one█", "one", 1),
        # At a line's end it is still that line.
        ("one█\ntwo", "one", 1),
        ("one\n█two\nthree", "two", 2),
        ("one\nt█wo\nthree", "two", 2),
        # The last line may be empty.
        ("one\n█", "", 2),
        ("one\n█\nthree", "", 2),
    ],
)
def test_the_line_of_an_offset(picture: str, line: str, number: int) -> None:
    drawn = marked(picture)
    text, offset = drawn.text, drawn.offset
    start, end = line_start(text, offset), line_end(text, offset)
    assert (text[start:end], line_number(text, offset)) == (line, number)
    assert start <= offset <= end
    assert next_line(text, offset) == min(end + 1, len(text))


@pytest.mark.parametrize(
    ("picture", "above", "below"),
    [
        ("█", [], []),
        # Of its own line there is what stands on that side; blank lines are passed over.
        ("one\n\ntwo t█hree\n  \n  four\n", ["two t", "one"], ["hree", "  four"]),
        ("one\n█\ntwo", ["one"], ["two"]),
        ("█one", [], ["one"]),
    ],
)
def test_visible_lines(picture: str, above: list[str], below: list[str]) -> None:
    drawn = marked(picture)
    assert list(visible_above(drawn.text, drawn.offset)) == above
    assert list(visible_below(drawn.text, drawn.offset)) == below

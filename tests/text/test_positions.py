"""Positions in all three encodings, and offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text.positions import Encoding, LineIndex, Position, character, column

UTF8, UTF16, UTF32 = Encoding.UTF8, Encoding.UTF16, Encoding.UTF32
TEXT = st.text(st.sampled_from("ab é漢😀\n\u2028"), max_size=30)
ENCODINGS = st.sampled_from(Encoding)


@pytest.mark.parametrize(
    ("line", "at", "encoding", "expected"),
    [
        ("hello", 2, UTF16, 2),
        # Beyond the end of the line means its end, as the protocol says.
        ("hello", 99, UTF16, 5),
        # No client should send it, but it must not count from the end.
        ("hello", -1, UTF16, 0),
        # An accented letter is two bytes, one unit and one code point.
        ("é!", 2, UTF8, 1),
        ("é!", 1, UTF16, 1),
        # An emoji is four bytes, two units and one code point.
        ("😀!", 4, UTF8, 1),
        ("😀!", 2, UTF16, 1),
        ("😀!", 1, UTF32, 1),
        # Inside a character means before it.
        ("x😀!", 3, UTF8, 1),
        ("x😀!", 2, UTF16, 1),
        # Half of a surrogate pair is a unit like others.
        ("a\ud83db", 2, UTF16, 2),
    ],
)
def test_column(line: str, at: int, encoding: Encoding, expected: int) -> None:
    assert column(line, at, encoding) == expected


@given(TEXT, st.integers(-1, 40), ENCODINGS)
def test_character_undoes_column(line: str, at: int, encoding: Encoding) -> None:
    assert column(line, character(line, at, encoding), encoding) == min(max(at, 0), len(line))


@given(TEXT, st.integers(0, 90), ENCODINGS)
def test_column_is_the_last_one_that_is_not_beyond(line: str, at: int, encoding: Encoding) -> None:
    widths = [character(line, number, encoding) for number in range(len(line) + 1)]

    assert column(line, at, encoding) == max(n for n, width in enumerate(widths) if width <= at)


@given(TEXT, st.data(), ENCODINGS)
def test_position_undoes_offset(text: str, data: st.DataObject, encoding: Encoding) -> None:
    index = LineIndex(text)
    offset = data.draw(st.integers(0, len(text)))

    assert index.offset(index.position(offset, encoding), encoding) == offset


@given(TEXT)
def test_lines_are_those_of_the_text(text: str) -> None:
    index = LineIndex(text)

    assert [index.line(number) for number in range(index.count)] == text.split("\n")
    assert all(text[: index.line_start(n)].count("\n") == n for n in range(index.count))


@pytest.mark.parametrize(
    ("position", "offset"),
    [
        (Position(0, 0), 0),
        # The end of the first line, and what is beyond it.
        (Position(0, 2), 2),
        (Position(0, 9), 2),
        # The empty last line, and what is beyond that.
        (Position(2, 0), 6),
        (Position(3, 0), 6),
        (Position(99, 99), 6),
        # Before the text.
        (Position(-1, 5), 0),
    ],
)
def test_offset_is_clamped(position: Position, offset: int) -> None:
    assert LineIndex("ab\ncd\n").offset(position, UTF16) == offset


def test_lines_that_do_not_exist() -> None:
    index = LineIndex("ab\ncd")

    assert (index.line(2), index.line(-1)) == ("", "")
    assert (index.line_start(2), index.line_start(-1)) == (5, 0)
    assert index.position(99, UTF16) == Position(1, 2)


def test_the_empty_text_has_one_line() -> None:
    index = LineIndex("")

    assert index.count == 1
    assert index.offset(Position(0, 0), UTF16) == 0

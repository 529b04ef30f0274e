"""A buffer after edits is the text that the editor has."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.documents.buffer import Buffer
from fimls.text.languages import LANGUAGES
from fimls.text.positions import Encoding, LineIndex, Position, Range

ALPHABET = "ab é漢😀\r\n\u2028\u0085\x0c"
RAW = st.text(st.sampled_from(ALPHABET), max_size=40)
POSITIONS = st.builds(Position, st.integers(0, 12), st.integers(0, 12))
RANGES = st.builds(Range, POSITIONS, POSITIONS)
EDITS = st.lists(st.tuples(RANGES, st.text(st.sampled_from(ALPHABET), max_size=8)), max_size=8)

WIDTHS = {
    Encoding.UTF8: lambda char: len(char.encode()),
    Encoding.UTF16: lambda char: 2 if char > "\uffff" else 1,
    Encoding.UTF32: len,
}


def a_buffer(text: str, language: str = "python") -> Buffer:
    return Buffer("file:///x.py", LANGUAGES[language], 1, text)


def reference_offset(text: str, position: Position, encoding: Encoding) -> int:
    """The offset of a position in a raw text, walked to one character at a time."""
    offset = 0
    for _ in range(position.line):
        while offset < len(text) and text[offset] not in "\r\n":
            offset += 1
        if offset == len(text):
            return offset
        offset += 2 if text.startswith("\r\n", offset) else 1
    units = 0
    while offset < len(text) and text[offset] not in "\r\n":
        units += WIDTHS[encoding](text[offset])
        if units > position.character:
            break
        offset += 1
    return offset


def reference_change(text: str, span: Range, new: str, encoding: Encoding) -> str:
    start, end = sorted(reference_offset(text, at, encoding) for at in (span.start, span.end))
    return text[:start] + new + text[end:]


@settings(max_examples=300, deadline=None)
@given(RAW, EDITS, st.sampled_from(Encoding))
def test_edits_as_on_the_whole_text(
    text: str, edits: list[tuple[Range, str]], encoding: Encoding
) -> None:
    buffer = a_buffer(text)
    for span, new in edits:
        buffer.change(span, new, encoding)
        text = reference_change(text, span, new, encoding)
        # The lines are those of a buffer that was opened with this text.
        assert buffer.source == text
        assert buffer.snapshot("x.py").text == a_buffer(text).snapshot("x.py").text
        assert buffer._lines == a_buffer(text)._lines
        # Where they begin is known without looking at the text.
        snap = buffer.snapshot("x.py")
        found, expected = snap.lines, LineIndex(snap.text)
        starts = [found.line_start(number) for number in range(found.count + 1)]
        assert starts == [expected.line_start(number) for number in range(expected.count + 1)]


@pytest.mark.parametrize(
    ("typed", "text", "problem"),
    [
        # Half of a character that the editor sends in two keys.
        ("\ud83d", "x = \ufffd\n", None),
        # What no source has.
        ("\0", "x = \0\n", "not text"),
    ],
)
def test_a_key_that_makes_another_text_of_it(typed: str, text: str, problem: str | None) -> None:
    buffer, end = a_buffer("x = \n"), Position(0, 4)

    buffer.change(Range(end, end), typed, Encoding.UTF16)

    snap = buffer.snapshot("x.py")
    assert (snap.text, snap.problem) == (text, problem)
    # When it is deleted all is as before.
    buffer.change(Range(end, Position(0, 5)), "", Encoding.UTF16)
    again = buffer.snapshot("x.py")
    assert (again.text, again.eol, again.problem) == ("x = \n", "\n", None)


@settings(deadline=None)
@given(RAW, POSITIONS, st.sampled_from(Encoding))
def test_a_position_means_the_same_in_raw_and_lf_text(
    text: str, position: Position, encoding: Encoding
) -> None:
    snap = a_buffer(text).snapshot("x.py")
    raw_head = text[: reference_offset(text, position, encoding)]

    assert snap.text[: snap.lines.offset(position, encoding)] == raw_head.replace(
        "\r\n", "\n"
    ).replace("\r", "\n")


def check_change(before: str, span: tuple[int, int, int, int], new: str, after: str) -> None:
    buffer = a_buffer(before)
    start_line, start, end_line, end = span
    buffer.change(Range(Position(start_line, start), Position(end_line, end)), new, Encoding.UTF16)

    assert buffer.source == after
    assert buffer._lines == a_buffer(after)._lines


@pytest.mark.parametrize(
    ("before", "span", "new", "after"),
    [
        # Typing a letter.
        ("a\nb\n", (1, 1, 1, 1), "c", "a\nbc\n"),
        # Enter, and a line joined to the one above.
        ("ab", (0, 1, 0, 1), "\n", "a\nb"),
        ("a\r\nb", (0, 1, 1, 0), "", "ab"),
        # Typing after the last line end, and in an empty document.
        ("a\n", (1, 0, 1, 0), "b", "a\nb"),
        ("", (0, 0, 0, 0), "x", "x"),
        # A position far beyond the text appends.
        ("a", (9, 9, 9, 9), "b", "ab"),
        # One beyond its line stops before the line's end, whatever that is.
        ("a\r\nb", (0, 9, 0, 9), "!", "a!\r\nb"),
        # A CR above meets an LF: two line ends become one.
        ("a\rb\n", (1, 0, 1, 1), "", "a\r\n"),
        ("a\rb", (1, 0, 1, 0), "\n", "a\r\nb"),
        # A CR is put before the LF of its line: still one end.
        ("a\nb", (0, 1, 0, 1), "\r", "a\r\nb"),
        # Inside an emoji means before it.
        ("😀b", (0, 1, 0, 2), "", "b"),
        # A range given backwards.
        ("abc", (0, 2, 0, 1), "X", "aXc"),
        # U+2028 ends no line, so line 1 is the one after the LF.
        ("a\u2028b\nc", (1, 0, 1, 1), "d", "a\u2028b\nd"),
        # Everything, and all of it deleted.
        ("a\nb\nc", (0, 0, 99, 0), "", ""),
    ],
)
def test_change(before: str, span: tuple[int, int, int, int], new: str, after: str) -> None:
    check_change(before, span, new, after)


def test_the_whole_text_at_once() -> None:
    buffer = a_buffer("old\n")
    buffer.change(None, "new\r\ntext", Encoding.UTF16)

    assert buffer.source == "new\r\ntext"


def test_a_position_before_the_text_means_its_start() -> None:
    check_change("ab", (-1, 5, 0, 1), "X", "Xb")


def test_an_edit_of_a_long_file_is_quick() -> None:
    # The design asks for well under 1 ms; the limit here leaves room for a busy machine.
    buffer = a_buffer("    return self.value + 1\n" * 20_000)
    took_s = []
    for line, text in itertools.product(range(5_000, 15_000, 500), ("x", "\n")):
        at = Position(line, 4)
        begin = time.perf_counter()
        buffer.change(Range(at, at), text, Encoding.UTF16)
        took_s.append(time.perf_counter() - begin)

    assert sorted(took_s)[len(took_s) // 2] < 0.001

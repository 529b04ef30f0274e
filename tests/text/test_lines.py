"""Line ends are LF, CRLF and CR, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text.lines import dominant_eol, from_lf, split_lines, to_lf

RAW = st.text(st.sampled_from("ab\r\n\u2028\u0085\x0b\x0c\x1c\x1e😀"), max_size=40)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # Nothing at all has no line.
        ("", []),
        # The three ends, and a last line without one.
        ("a\nb\r\nc\rd", ["a\n", "b\r\n", "c\r", "d"]),
        # CR CR LF is an empty line between two, not one end.
        ("a\r\r\nb\n", ["a\r", "\r\n", "b\n"]),
        # LF CR is two ends.
        ("\n\r", ["\n", "\r"]),
        # What Python also splits at is text like any other to an editor.
        (
            "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\x1dh\x1ei",
            ["a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\x1dh\x1ei"],
        ),
    ],
)
def test_split_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@given(RAW)
def test_split_lines_as_a_pattern_would(text: str) -> None:
    lines = split_lines(text)

    assert "".join(lines) == text
    assert lines == re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


@given(RAW)
def test_to_lf_keeps_the_lines(text: str) -> None:
    assert [line.rstrip("\r\n") for line in split_lines(text)] == [
        line.rstrip("\n") for line in split_lines(to_lf(text))
    ]
    assert "\r" not in to_lf(text)


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_from_lf_is_undone_by_to_lf(eol: str) -> None:
    assert from_lf("a\n\nb\n", eol) == f"a{eol}{eol}b{eol}"
    assert to_lf(from_lf("a\n\nb\n", eol)) == "a\n\nb\n"


@pytest.mark.parametrize(
    ("text", "eol"),
    [
        # A text without a line end is given the usual one.
        ("abc", "\n"),
        ("a\nb\n", "\n"),
        ("a\r\nb\r\n", "\r\n"),
        # An old Mac's file.
        ("a\rb\r", "\r"),
        # The LF of a CRLF is not counted as an LF.
        ("a\r\nb\r\nc\n", "\r\n"),
        # One stray CRLF does not decide for the file.
        ("a\nb\nc\r\n", "\n"),
        # In a draw, the usual one.
        ("a\r\nb\n", "\n"),
    ],
)
def test_dominant_eol(text: str, eol: str) -> None:
    assert dominant_eol(text) == eol

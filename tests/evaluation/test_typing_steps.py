"""What the author of a trace does, and when a suggestion is right."""

from __future__ import annotations

from collections import Counter

import pytest

from fimls.evaluation import typing_trace as rhythm
from fimls.evaluation.typing_steps import Act, Step, left_after, right, steps
from fimls.evaluation.typing_trace import Trace, first_line

TRACE = Trace("a.py", "python", "def f():\n    ", "abc\n    " * 100, "\n")


def test_the_keys_are_as_many_as_are_said() -> None:
    counts = Counter(step.act for step in steps(TRACE))
    slips = len(rhythm.SLIPS) * len(rhythm.SLIP)
    assert counts == {Act.KEY: rhythm.KEYS - slips, Act.BACK: slips, Act.PAUSE: 6, Act.ACCEPT: 3}


def test_what_is_typed_is_the_middle() -> None:
    text = ""
    for step in steps(TRACE):
        text = text[:-1] if step.act is Act.BACK else text + step.text
    assert TRACE.middle.startswith(text)


def test_a_pause_comes_after_every_25_keys() -> None:
    keys, pauses = 0, []
    for step in steps(TRACE):
        keys += step.act in (Act.KEY, Act.BACK)
        if step.act is Act.PAUSE:
            pauses.append(keys)
    assert pauses == [25, 50, 75, 100, 125, 150]


def test_a_short_middle_ends_the_typing() -> None:
    short = Trace("a.py", "python", "", "ab\n  c", "")
    assert list(steps(short)) == [Step(Act.KEY, text) for text in ("a", "b", "\n  ", "c")]


@pytest.mark.parametrize(
    ("shown", "left", "count"),
    [
        # All of it.
        ("abc", "abc\nd", 3),
        # A part of the line is right too: it can be taken.
        ("ab", "abc\nd", 2),
        # The first line counts, and as much after it as agrees.
        ("abc\nx", "abc\nd", 4),
        # A wrong first line makes all of it wrong.
        ("abx", "abc\nd", 0),
        # Blank lines before the first one that is not.
        ("\n  d", "\n  d", 4),
        # Nothing, or nothing to be seen.
        ("", "abc", 0),
        ("  \n", "  \n", 0),
        # While wrong letters are there, nothing is right.
        ("abc", "", 0),
    ],
)
def test_right(shown: str, left: str, count: int) -> None:
    assert right(shown, left) == count


@pytest.mark.parametrize(
    ("typed", "left"),
    [("abc\n    abc\n  ", "  abc"), ("abq", ""), ("", "abc\n")],
)
def test_what_is_left(typed: str, left: str) -> None:
    assert left_after(typed, TRACE)[:5].startswith(left)
    assert bool(left_after(typed, TRACE)) is bool(left)


@pytest.mark.parametrize(
    ("text", "line"), [("ab\nc", "ab"), ("\n  ab\nc", "\n  ab"), ("ab", "ab"), (" \n", " \n")]
)
def test_the_first_line_that_is_not_blank(text: str, line: str) -> None:
    assert first_line(text) == line

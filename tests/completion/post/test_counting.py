"""Lines that only count up are a loop, rows of a table are none."""

from __future__ import annotations

import pytest

from fimls.completion.post.counting import lines_in_loop


def _numbered(line: str, count: int, step: int = 1) -> list[str]:
    return [line.replace("#", str(at * step)) for at in range(count)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # Eight calls that count up, by one or by any other step.
        (_numbered("f(#)", 8), (8, 1)),
        (_numbered("x_# = load(#, 7)", 8, step=10), (8, 1)),
        # Counting down.
        (_numbered("f(#)", 8)[::-1], (8, 1)),
        # Two lines together.
        (
            [
                line
                for pair in zip(_numbered("f(#)", 8), _numbered("g(#)", 8), strict=True)
                for line in pair
            ],
            (16, 2),
        ),
        # Markup is written for nobody who counts.
        (_numbered("<li>Item #</li>", 8), (8, 1)),
        # Each line is the one before with a piece put in.
        (["x = a", "x = a.next", "x = a.next.next", "x = a.next.next.next"], (4, 1)),
        (["f(a)", "f(a + b1)", "f(a + b1 + b1)", "f(a + b1 + b1 + b1)"], (4, 1)),
        # Even a table has an end.
        (_numbered("LEVEL_# = #", 33), (33, 1)),
    ],
)
def test_a_near_equal_loop(lines: list[str], found: tuple[int, int]) -> None:
    assert lines_in_loop(["begin()", *lines]) == found
    assert lines_in_loop(["begin()", *lines[:-1]]) is None


@pytest.mark.parametrize(
    "lines",
    [
        # Numbers that do not go on by the same are data.
        ["f(1)", "f(2)", "f(4)", "f(8)", "f(16)", "f(32)", "f(64)", "f(128)", "f(256)"],
        # Names differ as well.
        [f"f({name}, {at})" for at, name in enumerate("abcdefghij")],
        # Constants, entries, labels, rows and options of a form.
        _numbered("BIT_# = 1 << #", 32),
        _numbered("#define PIN_# pin(#)", 32),
        _numbered("    LEVEL_#(#),", 32),
        _numbered("case #: return f(#);", 32),
        _numbered("(#, f(#))", 32),
        _numbered("<option value='#'>#</option>", 32),
        # Declarations that do nothing.
        _numbered("int r#;", 32),
        # A line that is repeated as it is, is another filter's.
        ["x = 1"] * 3,
        # A staircase of marks.
        ["*", "**", "***", "****", "*****"],
    ],
)
def test_no_loop(lines: list[str]) -> None:
    assert all(lines_in_loop(lines[:count]) is None for count in range(len(lines) + 1))

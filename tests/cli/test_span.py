from __future__ import annotations

from pathlib import Path

import pytest

from fimls.cli.span import Span, range_of, span_of
from fimls.errors import InputError

TEXT = "one\ntwo\n\nfour"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a.py:3", Span(Path("a.py"), 3)),
        ("a.py:3-7", Span(Path("a.py"), 3, 7)),
        # A colon in the name, as on Windows.
        ("C:\\a.py:3-7", Span(Path("C:\\a.py"), 3, 7)),
        # A name that looks like lines itself.
        ("a:1-2:3-4", Span(Path("a:1-2"), 3, 4)),
    ],
)
def test_it_is_read(text: str, span: Span) -> None:
    assert span_of(text) == span


@pytest.mark.parametrize("text", ["a.py", "a.py:", "a.py:x", "a.py:1-", ":1", "a.py:1:2-3x"])
def test_it_is_none(text: str) -> None:
    with pytest.raises(InputError, match="FILE:START-END"):
        span_of(text)


@pytest.mark.parametrize(
    ("first", "last", "at_cursor", "covered"),
    [
        # Whole lines, the last one's end left out.
        (1, 2, False, (0, 7)),
        (2, None, False, (4, 7)),
        # A cursor at the end of the line.
        (2, None, True, (7, 7)),
        # Several lines are a selection for every action.
        (1, 2, True, (0, 7)),
        # An empty line, and the last one.
        (3, None, False, (8, 8)),
        (4, 4, False, (9, 13)),
    ],
)
def test_its_range(first: int, last: int | None, at_cursor: bool, covered: tuple[int, int]) -> None:
    span = Span(Path("a.py"), first, last)
    assert range_of(span, TEXT, at_cursor=at_cursor) == covered


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        # Lines begin at 1, as compilers print them.
        (0, None, "no line 0"),
        (5, None, "4 lines, there is no line 5"),
        (1, 5, "there is no line 5"),
        (3, 2, "end before they begin"),
    ],
)
def test_lines_that_are_not_there(first: int, last: int | None, told: str) -> None:
    with pytest.raises(InputError, match=told):
        range_of(Span(Path("a.py"), first, last), TEXT, at_cursor=False)

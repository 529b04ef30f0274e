"""Long code in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fimls.actions.collect import selected
from fimls.actions.cutting import parts_of
from fimls.syntax.tree import parse

TEXT = """\
import os


def a():
    return 1


class B:
    def c(self):
        return 2


x = 1
"""


def words(text: str) -> int:
    """Tokens, as it were."""
    return len(text.split())


def test_parts_begin_where_definitions_do() -> None:
    found = parts_of(TEXT, selected(TEXT, 0, len(TEXT)), parse(TEXT, "python"), 6, words)

    firsts = [TEXT[each.start :].partition("\n")[0] for each in found]
    assert firsts == ["import os", "class B:", "    def c(self):", "x = 1"]
    assert [each.names for each in found] == [("a",), ("B",), ("c",), ()]


@given(st.integers(1, 40), st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_the_parts_are_all_of_it(tokens: int, start: int, end: int) -> None:
    selection = selected(TEXT, start, end)

    found = parts_of(TEXT, selection, parse(TEXT, "python"), tokens, words)

    said = "".join(TEXT[each.start : each.end] for each in found)
    assert "".join(said.split()) == "".join(selection.text.split())
    assert all(
        words(part) <= tokens or "\n" not in part.strip()
        for part in (TEXT[each.start : each.end] for each in found)
    )

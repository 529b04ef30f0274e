"""Places in a text that has changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text.moving import moved


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        # Before, behind and within what has changed.
        ("a█bc", "abXc", "a█bXc"),
        ("ab█c", "Xabc", "Xab█c"),
        ("aXX█XXb", "ab", "a█b"),
        ("a1█2b", "a345b", "a3█45b"),
        ("a█", "a", "a█"),
        ("█", "abc", "█abc"),
    ],
)
def test_moved(old: str, new: str, after: str) -> None:
    offset = moved(old.index("█"), old.replace("█", ""), new)

    assert f"{new[:offset]}█{new[offset:]}" == after


@given(st.text("ab\n"), st.text("ab\n"), st.text("xy"), st.text("xy"), st.data())
def test_what_is_not_changed_stays_where_it_is(
    head: str, tail: str, old: str, new: str, data: st.DataObject
) -> None:
    before, after = head + old + tail, head + new + tail
    offset = data.draw(st.integers(0, len(before)))

    found = moved(offset, before, after)

    assert 0 <= found <= len(after)
    if offset <= len(head):
        assert found == offset
    elif offset > len(head) + len(old):
        assert len(after) - found == len(before) - offset

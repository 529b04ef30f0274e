"""Edits by offsets."""

from __future__ import annotations

import pytest

from fimls.errors import InputError
from fimls.text.edits import Edit, apply


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        # Nothing to do.
        ([], "abcdef"),
        # Offsets mean the text before any edit, in whatever order they come.
        ([Edit(4, 5, "E"), Edit(0, 1, "AAA")], "AAAbcdEf"),
        # Insertions at one place stay as given.
        ([Edit(3, 3, "x"), Edit(3, 3, "y")], "abcxydef"),
        # An insertion stands before what replaces text at the same place.
        ([Edit(3, 4, "D"), Edit(3, 3, "x")], "abcxDef"),
        # Neighbours do not overlap.
        ([Edit(0, 3, ""), Edit(3, 6, "!")], "!"),
        # Both ends of the text.
        ([Edit(0, 0, "<"), Edit(6, 6, ">")], "<abcdef>"),
    ],
)
def test_apply(edits: list[Edit], expected: str) -> None:
    assert apply("abcdef", edits) == expected


@pytest.mark.parametrize(
    "edits",
    [
        # They overlap.
        [Edit(0, 3, ""), Edit(2, 4, "")],
        # Beyond the text, before it, and backwards.
        [Edit(0, 7, "")],
        [Edit(-1, 2, "")],
        [Edit(3, 2, "")],
    ],
)
def test_edits_that_do_not_fit(edits: list[Edit]) -> None:
    with pytest.raises(InputError, match="does not fit"):
        apply("abcdef", edits)

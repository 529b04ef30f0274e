"""Faults before and after a change, by kind and place."""

from __future__ import annotations

import pytest

from fimls.syntax.change import Change
from fimls.syntax.comparison import compared
from fimls.syntax.tree import parse, splice
from fimls.testing.marks import marked


@pytest.mark.parametrize(
    ("picture", "near", "far", "adds_nothing"),
    [
        # Nothing is wrong.
        ("x = 1\ny = ├2 + ┤3\n", (0, 0), (0, 0), True),
        # What was wrong further down has moved, and is the same.
        ("y = 1├\nz = 2┤\n\n\nx = )\n", (0, 0), (1, 0), True),
        # What was wrong at the place is mended.
        ("y = f(├2)┤\n", (1, 0), (0, 0), True),
        # It was well, and is not.
        ("y = 1├)┤\nx = 1\n", (0, 1), (0, 0), False),
    ],
)
def test_compared(
    picture: str, near: tuple[int, int], far: tuple[int, int], adds_nothing: bool
) -> None:
    drawn = marked(picture)
    before = parse(drawn.text, "python")
    assert before is not None
    change = Change(drawn.offset, drawn.offset + drawn.replaces, drawn.inserted)
    after = splice(before, change.start, change.end, change.text)
    assert after is not None

    found = compared(before, after, change)

    assert found is not None
    assert (found.near_before, found.near_after) == near
    assert (found.far_before, found.far_added) == far
    assert found.adds_nothing is adds_nothing


def test_too_many_to_tell() -> None:
    before = parse(") = (\n" * 3000, "python")
    assert before is not None
    assert compared(before, before, Change(0, 0, "")) is None

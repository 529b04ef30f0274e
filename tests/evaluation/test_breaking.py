from __future__ import annotations

import random

import pytest

from fimls.evaluation.breaking import BREAKINGS


@pytest.mark.parametrize(
    ("kind", "middle", "length"),
    [
        # What was said last is missing.
        ("cut short", "return f(a)", None),
        ("bracket more", "return f(a)", 12),
        ("bracket less", "return f(a)", 10),
        # A word is said again, with the blank before it.
        ("word twice", "a b", 5),
    ],
)
def test_breaking(kind: str, middle: str, length: int | None) -> None:
    broken = BREAKINGS[kind](middle, random.Random(1))
    assert broken is not None
    assert broken != middle
    assert len(broken) == length if length is not None else middle.startswith(broken)


@pytest.mark.parametrize(("kind", "middle"), [("cut short", "a"), ("bracket less", "a = b")])
def test_what_cannot_be_broken_so(kind: str, middle: str) -> None:
    assert BREAKINGS[kind](middle, random.Random(1)) is None


@pytest.mark.parametrize("kind", BREAKINGS)
def test_the_same_each_time(kind: str) -> None:
    first, second = (BREAKINGS[kind]("f(a, b)[c]", random.Random(7)) for _ in range(2))
    assert first == second

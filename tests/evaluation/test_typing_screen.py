"""What stands on an editor's screen while it is typed on."""

from __future__ import annotations

import pytest

from fimls.evaluation.typing_screen import Screen
from fimls.evaluation.typing_timeline import Sight


@pytest.mark.parametrize(
    ("added", "left"),
    [
        # The editor types through what agrees by itself.
        ("r", "eturn a"),
        ("return a", ""),
        # What does not agree is gone.
        ("x", ""),
    ],
)
def test_typing_through(added: str, left: str) -> None:
    screen = Screen()
    screen.answered(1.0, "", "return a")
    screen.wrote(2.0, added, added)
    assert screen.text == left
    assert screen.sights[-1] == Sight(2.0, added, left, own=False)


def test_deleting_clears() -> None:
    screen = Screen()
    screen.answered(1.0, "ab", "cd")
    screen.deleted(2.0, "a")
    assert screen.text == ""


def test_an_answer_replaces_and_an_empty_one_clears() -> None:
    screen = Screen()
    screen.answered(1.0, "", "one")
    screen.answered(2.0, "", "two")
    assert screen.text == "two"
    screen.answered(3.0, "", "")
    assert screen.text == ""
    assert [sight.own for sight in screen.sights] == [True, True, True]

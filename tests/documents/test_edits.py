"""Where a document was edited last: one region, which moves with the text."""

from __future__ import annotations

import pytest

from fimls.documents.edits import Edits, Region


@pytest.mark.parametrize(
    ("edits", "region"),
    [
        # A line is typed.
        ([(5, 0, 0), (5, 0, 0)], Region(5, 5)),
        # A line end is typed, and the next line.
        ([(5, 0, 1), (6, 0, 0)], Region(5, 6)),
        # Lines are taken away.
        ([(5, 0, 4), (6, 2, 0)], Region(5, 7)),
        # A line near it is a part of it …
        ([(5, 0, 0), (8, 0, 0)], Region(5, 8)),
        # … and one far from it is not.
        ([(5, 0, 0), (40, 0, 0)], Region(40, 40)),
        ([(40, 0, 0), (5, 0, 0)], Region(5, 5)),
        # A page is pasted: the begin of it.
        ([(5, 0, 100)], Region(5, 105)),
        # It goes on and on: the last lines count.
        ([(line, 0, 1) for line in range(20)], Region(13, 20)),
    ],
)
def test_region(edits: list[tuple[int, int, int]], region: Region) -> None:
    noted = Edits()
    for first, removed, added in edits:
        noted.note("a.py", first, removed, added)
    assert list(noted) == [("a.py", region)]


def test_the_last_edited_document_is_first() -> None:
    noted = Edits()
    for uri in ("a", "b", "a", "c"):
        noted.note(uri, 0, 0, 0)
    assert [uri for uri, _ in noted] == ["c", "a", "b"]
    noted.forget("a")
    noted.forget("unknown")
    assert [uri for uri, _ in noted] == ["c", "b"]


def test_there_is_a_bound() -> None:
    noted = Edits()
    for number in range(1000):
        noted.note(f"{number}", number, 0, 0)
    assert 1 < len(list(noted)) < 100

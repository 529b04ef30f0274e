"""Files are cut into pieces at statements."""

from __future__ import annotations

import pytest

from fimls.repository.pieces import cut


@pytest.mark.parametrize(
    ("count", "statements", "expected"),
    [
        # A short file is one piece.
        (10, [0, 3, 6], (0,)),
        (0, [], (0,)),
        # A piece ends where a statement begins, at about twenty lines.
        (60, [0, 6, 15, 24, 33, 42, 51], (0, 15, 33)),
        # A long statement is not cut where it is within the limit.
        (50, [0, 2, 28], (0, 28)),
        # What has no statements, such as a table, is cut all the same.
        (70, [0], (0, 20, 40)),
        # Two statements in a line are at one place.
        (4, [0, 0, 1, 1], (0,)),
    ],
)
def test_cut(count: int, statements: list[int], expected: tuple[int, ...]) -> None:
    assert cut(count, statements) == expected


@pytest.mark.parametrize("step", [1, 7, 13, 29, 31, 90])
def test_pieces_cover_everything_once(step: int) -> None:
    starts = cut(200, range(0, 200, step))
    assert starts[0] == 0
    assert list(starts) == sorted(set(starts))
    assert all(
        after - before <= 40 for before, after in zip(starts, [*starts[1:], 200], strict=True)
    )

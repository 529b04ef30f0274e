"""A long day in the real server leaves nothing behind (half a minute, as long as issue 5 says)."""

from __future__ import annotations

import pytest

from fimls.evaluation.endurance import (
    DOCUMENTS,
    EDITS,
    MOST_GROWTH_MB,
    REQUESTS,
    Endured,
    Held,
    endure,
)

# Idle connections that the client of the model keeps for the next request.
MOST_IDLE = 4

# The last texts that were judged, of whatever document they were.
MOST_TREES = 16


async def test_a_long_day() -> None:
    looked: list[int] = []
    endured = await endure(tell=looked.append)

    assert (EDITS, REQUESTS, DOCUMENTS) == (10_000, 2_000, 50)
    assert looked == list(range(1_000, EDITS + 1, 1_000))
    assert endured.requests == REQUESTS
    assert endured.growth_mb < MOST_GROWTH_MB
    assert (endured.unanswered, endured.open, endured.reloads) == (0, 0, 0)
    assert endured.most_at_once == 1
    # Nothing of the documents is left, and nobody who works for them.
    assert endured.tasks_left == []
    assert endured.files_left <= MOST_IDLE
    left = {kind: count for kind, count in endured.after.kept.items() if count}
    assert set(left) <= {"Tree"}
    assert left.get("Tree", 0) <= MOST_TREES
    # The day was one of work.
    assert endured.shown > REQUESTS // 20
    assert endured.looks[EDITS].kept["Trace"] >= DOCUMENTS


def held(memory_mb: float, *tasks: str, files: int = 0) -> Held:
    return Held(int(memory_mb * 1e6), list(tasks), files, {})


def endured(*memory_mb: float, after: Held) -> Endured:
    """A day with a look after each thousand edits."""
    looks = {1_000 * at: held(each) for at, each in enumerate(memory_mb, 1)}
    before = held(50, "serve", "listen", files=3)
    return Endured(
        edits=1_000 * len(memory_mb),
        requests=0,
        shown=0,
        before=before,
        looks=looks,
        after=after,
        unanswered=0,
        open=0,
        reloads=0,
        most_at_once=1,
    )


@pytest.mark.parametrize(
    ("memory_mb", "growth_mb"),
    [
        # What comes before the second look is the cost of starting.
        ((60, 90, 95, 93), 5.0),
        # The most counts, not the last.
        ((60, 90, 99, 91), 9.0),
        # It may shrink.
        ((60, 90, 80), 0.0),
        # A day that is too short has no growth.
        ((60,), 0.0),
    ],
)
def test_growth(memory_mb: tuple[float, ...], growth_mb: float) -> None:
    assert endured(*memory_mb, after=held(0)).growth_mb == pytest.approx(growth_mb)


def test_what_is_left() -> None:
    after = held(0, "serve", "settle", "settle", files=5)
    day = endured(60, after=after)
    assert day.tasks_left == ["settle", "settle"]
    assert day.files_left == 2

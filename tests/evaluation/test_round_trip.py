from __future__ import annotations

import pytest

from fimls.evaluation.round_trip import SERVED_TARGET_MS, TARGETS_MS, Trip, Trips, measure


async def test_trips(monkeypatch: pytest.MonkeyPatch) -> None:
    # The author of this test types on without a pause.
    monkeypatch.setattr("fimls.evaluation.round_trip._PAUSE_S", 0.0)
    done: list[int] = []
    (trips,) = await measure(sizes=(120,), places=4, tell=done.append)
    assert done == list(range(1, 11))
    assert 0 < len(trips.served) <= len(trips.answers) <= 4
    assert all(trip.waited_ms > 0 for trip in (*trips.answers, *trips.served))


@pytest.mark.parametrize(
    ("worked_ms", "names"),
    [
        # Not every system tells how long a process has had a processor.
        (None, ["answer without the model, 2000 lines", "served from a run, 2000 lines"]),
        (
            1.0,
            [
                "answer without the model, 2000 lines",
                "served from a run, 2000 lines",
                "the server's work for that, 2000 lines",
            ],
        ),
    ],
)
def test_figures(worked_ms: float | None, names: list[str]) -> None:
    trips = Trips(2_000, [Trip(3.0, worked_ms)] * 2, [Trip(2.0, worked_ms)] * 2)
    figures = trips.figures()
    assert [figure.what for figure in figures] == names
    targets = [figure.target_p95_ms for figure in figures]
    assert targets[:2] == [TARGETS_MS[2_000], SERVED_TARGET_MS]

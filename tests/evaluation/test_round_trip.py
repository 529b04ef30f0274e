from __future__ import annotations

import pytest

from fimls.evaluation.round_trip import (
    SERVED_TARGET_MS,
    TARGETS_MS,
    Trip,
    Trips,
    measure,
    spoken_s,
)
from fimls.testing.runner import Outcome, Served


async def test_trips(monkeypatch: pytest.MonkeyPatch) -> None:
    # The author of this test types on without a pause.
    monkeypatch.setattr("fimls.evaluation.round_trip._PAUSE_S", 0.0)
    monkeypatch.setattr("fimls.evaluation.round_trip._KEY_S", 0.0)
    done: list[int] = []
    (trips,) = await measure(sizes=(120,), places=4, tell=done.append)
    assert done == list(range(1, 11))
    assert 0 < len(trips.served) <= len(trips.answers) <= 4
    assert all(trip.waited_ms > 0 for trip in (*trips.answers, *trips.served))


@pytest.mark.parametrize(
    ("heard", "model_s"),
    [
        # From the moment that it had the request, and not from when it began to read.
        ("x", 0.5),
        ("x = ", 0.5),
        ("x = 1", 0.75),
        # More than it has said: what was heard has an end that was never sent.
        ("x = 1\n# not said", 1.0),
        # Nothing needed to be heard.
        ("", 0.0),
    ],
)
def test_the_time_of_the_model(heard: str, model_s: float) -> None:
    served: Served[str] = Served("", arrived_s=10.0, started_s=10.25)
    served.written_at_s = [(4, 10.5), (5, 10.75), (6, 11.0)]
    assert spoken_s(served, heard) == model_s


@pytest.mark.parametrize(
    ("heard", "outcome", "model_s"),
    [
        # That it was all had to be heard as well, unless nobody waited for it.
        ("x = 1", Outcome.DONE, 1.0),
        ("x = 1", Outcome.CANCELLED, 0.5),
        ("x = ", Outcome.DONE, 0.25),
    ],
)
def test_the_end_of_what_the_model_says(heard: str, outcome: Outcome, model_s: float) -> None:
    served: Served[str] = Served("", written="x = 1", arrived_s=10.0, outcome=outcome)
    served.written_at_s = [(4, 10.25), (5, 10.5), (5, 11.0)]
    assert spoken_s(served, heard) == model_s


def test_a_model_that_has_said_nothing() -> None:
    assert spoken_s(Served("", arrived_s=10.0), "x") == 0.0


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

from __future__ import annotations

import pytest

from fimls.evaluation.latency import Figure, as_json, spread


@pytest.mark.parametrize(
    ("times_ms", "least", "p50", "p95"),
    [
        ([2.0, 2.0], 2.0, 2.0, 2.0),
        # A hundred and one times, so that each percentile is one of them.
        ([float(n) for n in range(100, -1, -1)], 0.0, 50.0, 95.0),
        # Between two times, never beyond them.
        ([1.0, 3.0], 1.0, 2.0, 2.9),
    ],
)
def test_spread(times_ms: list[float], least: float, p50: float, p95: float) -> None:
    found = spread(times_ms)
    assert found.count == len(times_ms)
    assert (found.least_ms, found.p50_ms) == (least, p50)
    assert found.p95_ms == pytest.approx(p95)


@pytest.mark.parametrize(
    ("target_ms", "met"),
    [(None, True), (2.0, True), (1.9, False)],
)
def test_target(target_ms: float | None, met: bool) -> None:
    figure = Figure("what", spread([2.0, 2.0]), target_ms)
    assert figure.is_met is met
    assert as_json(figure)["met"] is met

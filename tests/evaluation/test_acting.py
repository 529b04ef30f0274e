from __future__ import annotations

import pytest

from fimls.evaluation.acting import TARGETS_MS, Acted, measure


async def test_trips(monkeypatch: pytest.MonkeyPatch) -> None:
    # The author of this test types on without a pause.
    monkeypatch.setattr("fimls.evaluation.acting._PAUSE_S", 0.0)
    done: list[int] = []
    acted = await measure(lines=200, places=3, tell=done.append)
    assert done == list(range(1, 10))
    counts = {what: len(times) for what, times in acted.waited_ms.items()}
    assert counts == dict.fromkeys(TARGETS_MS, 3)
    assert all(time_ms > 0 for times in acted.waited_ms.values() for time_ms in times)


@pytest.mark.parametrize("worked_s", [0.001, None])
def test_figures(worked_s: float | None) -> None:
    acted = Acted()
    for what in TARGETS_MS:
        acted.add(what, 0.001, worked_s)
        acted.add(what, 0.003, worked_s)
    figures = acted.figures()
    waits, work = figures[: len(TARGETS_MS)], figures[len(TARGETS_MS) :]
    assert [(each.what, each.target_p95_ms) for each in waits] == [*TARGETS_MS.items()]
    assert all(each.is_met for each in waits)
    # Not every system tells how long a process has had a processor.
    assert bool(work) == (worked_s is not None)

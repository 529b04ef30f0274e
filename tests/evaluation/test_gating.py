from __future__ import annotations

from collections import Counter

import pytest

from fimls.evaluation.gating import spread, times
from fimls.evaluation.volume import Middle, functions, volume


@pytest.mark.parametrize("language", ["python", "lua"])
def test_times(language: str) -> None:
    file = functions(120) if language == "python" else volume(language, 120)
    found = list(times(file, 5))
    counts = Counter(what for what, _time_ms in found)
    assert set(counts) == {
        f"{what} {state} text"
        for what in ("all filters: in", "gate: fitting, in", "gate: broken, in")
        for state in ("good", "broken")
    }
    assert all(time_ms > 0 for _what, time_ms in found)
    # Each middle is said once as it is, and broken in up to four ways.
    fitting, broken = (counts[f"gate: {what}, in good text"] for what in ("fitting", "broken"))
    assert fitting == 5
    assert fitting < broken <= 4 * fitting


@pytest.mark.parametrize(("count", "places"), [(1, 1), (3, 3), (10, 4), (100, 4)])
def test_places_are_all_over_the_document(count: int, places: int) -> None:
    middles = [Middle(at, at + 1) for at in range(count)]
    chosen = spread(middles, 4)
    assert len(chosen) == places
    assert chosen[0] is middles[0]
    assert chosen == sorted(chosen, key=lambda middle: middle.start)

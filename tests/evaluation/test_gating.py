from __future__ import annotations

from collections import Counter

from fimls.evaluation.gating import times


def test_times() -> None:
    found = list(times(120))
    counts = Counter(what for what, _time_ms in found)
    assert set(counts) == {
        f"{what} {state} text"
        for what in ("all filters: ten lines in", "gate: fitting, in", "gate: broken, in")
        for state in ("good", "broken")
    }
    assert all(time_ms > 0 for _what, time_ms in found)
    # Each body is said once as it is, and broken in up to four ways.
    fitting, broken = (counts[f"gate: {what}, in good text"] for what in ("fitting", "broken"))
    assert fitting < broken <= 4 * fitting

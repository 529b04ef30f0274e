from __future__ import annotations

import pytest

from fimls.evaluation.overhead import Measured, measure, places_in
from fimls.evaluation.specimen import BREAKS, specimen
from fimls.settings import CompletionSettings, Settings

# Enough functions for each way in which a text is broken.
LINES = 90


def test_places() -> None:
    file = specimen(LINES)
    places = list(places_in(file))
    assert len(places) == 4 * (len(file.functions) - 1)
    broken = [place for place in places if any(line in place.text for line in BREAKS)]
    assert len(broken) == len(places) / 2
    for place in places:
        # What the model says is what is missing: with it, and without what breaks it, all is well.
        said = place.said.removesuffix(" <EOT>")
        if place.kind == "lines":
            said = said.partition("\n")[0]
        whole = place.text[: place.offset] + said + place.text[place.offset :]
        for line in BREAKS:
            whole = whole.replace(line, "")
        assert whole == file.text


async def test_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.holds.ROUNDS", 2)
    monkeypatch.setattr("fimls.evaluation.overhead.GATED", ("go",))
    monkeypatch.setattr("fimls.evaluation.overhead.HELD", ("lua",))
    settings = Settings(completion=CompletionSettings(debounce_ms=0))
    measured = await measure(settings, LINES)
    requests = len(list(places_in(specimen(LINES))))
    assert (measured.asked, measured.answered) == (requests, requests)
    figures = {figure.what: figure for figure in measured.figures()}
    assert list(figures)[:4] == [
        "served from a run",
        "shape, window and prompt",
        "filters and gate: blocks",
        "filters and gate: lines",
    ]
    assert figures["served from a run"].spread.count == requests
    assert all(figure.spread.least_ms > 0 for figure in figures.values())
    assert figures["filters and gate: lines"].target_p95_ms == 15
    assert "gate: fitting, in good text, 900 lines, languages: 1" in figures
    assert "loop held: first parse, 900 lines, languages: 1, CRLF and 🦉" in figures


@pytest.mark.parametrize(
    ("what", "target_ms"),
    [
        ("all filters: ten lines in good text", 12),
        ("gate: broken, in broken text", 10),
        ("loop held: first parse", 15),
    ],
)
def test_targets(what: str, target_ms: float) -> None:
    measured = Measured()
    for time_ms in (1.0, 2.0):
        measured.add(f"{what}, 2000 lines", time_ms)
    (figure,) = measured.figures()
    assert figure.target_p95_ms == target_ms

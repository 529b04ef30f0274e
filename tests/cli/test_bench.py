"""`make bench`: some parts are measured anew, the others stay, and the page shows all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fimls.cli.bench import main
from fimls.errors import InputError
from fimls.evaluation.round_trip import Trip, Trips
from fimls.evaluation.typing_timeline import Kind, Rest, Stop, Stroke, Timeline

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.evaluation.typing_bench import Weather
    from fimls.evaluation.typing_trace import Trace

PLACES = ("typing", "reading", "round trip")
PAGE = "".join(f"<!-- {name} -->\n<!-- /{name} -->\n\n" for name in PLACES)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a page and a trace; what is measured is made up."""
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    lines = "".join(f"value_{number} = {number}\n" for number in range(150))
    (tmp_path / "mine.py").write_text(lines, encoding="utf-8")
    monkeypatch.setattr("fimls.evaluation.typing_bench.play", one_key)
    monkeypatch.setattr("fimls.evaluation.round_trip.measure", two_trips)
    return tmp_path


async def one_key(trace: Trace, weather: Weather) -> Timeline:
    stop = Stop(Rest.PAUSE, 1.0, 1.0 + weather.pause_s, "v")
    return Timeline(trace, [Stroke(1.0, Kind.KEY, "v")], [stop], [], [])


async def two_trips() -> list[Trips]:
    return [Trips(2_000, [Trip(2.0, None)] * 2, [Trip(1.0, None)] * 2)]


def run(folder: Path, *only: str) -> tuple[dict[str, Any], str]:
    names = {"page": "page.md", "figures": "figures.json", "plot": "waits.svg"}
    places = [word for name, file in names.items() for word in (f"--{name}", str(folder / file))]
    assert main([str(folder / "mine.py"), *places, "--only", *only]) == 0
    figures: dict[str, Any] = json.loads((folder / "figures.json").read_bytes())
    return figures, (folder / "page.md").read_text(encoding="utf-8")


def test_a_part(bench: Path) -> None:
    figures, page = run(bench, "main")
    # A trace that nothing was tuned for is always there.
    assert list(figures["typing"]["main"]) == ["mine", "own"]
    assert "| main | mine | 0 (0.00) |" in page
    assert (bench / "waits.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_others_stay(bench: Path) -> None:
    run(bench, "60 ms a key")
    run(bench, "round trip")
    figures, page = run(bench, "main")
    assert list(figures["typing"]) == ["main", "60 ms a key"]
    assert "| 60 ms a key | mine |" in page
    assert "| served from a run, 2000 lines | 2 |" in page


def test_a_page_without_a_place(bench: Path) -> None:
    (bench / "page.md").write_text("nothing\n", encoding="utf-8")
    with pytest.raises(InputError, match="no place"):
        run(bench, "main")

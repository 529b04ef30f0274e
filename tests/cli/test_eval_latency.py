"""`fimls eval latency` in its ways: any file is typed, the real server, a long day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fimls.evaluation.endurance import Endured, Held
from fimls.evaluation.round_trip import Trip, Trips

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]


async def test_a_trace_of_any_file(run: Run, tmp_path: Path) -> None:
    source, kept = tmp_path / "module.py", tmp_path / "module.json"
    source.write_text("".join(f"value_{number} = {number}\n" for number in range(150)))
    words = ("eval", "latency", "--trace", str(source), "--at", "20", "--record", str(kept))
    ran = await run(*words)
    assert (ran.status, ran.out) == (0, "")
    trace = json.loads(kept.read_bytes())
    assert (trace["path"], trace["language"]) == ("module.py", "python")
    assert trace["middle"].startswith("value_19 = 19\n")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--trace", "nowhere.py"], "nowhere.py"),
        # One trace goes into one file.
        (["--trace", __file__, __file__, "--record", "both.json"], "one file"),
        (["--trace", __file__, "--at", "100000"], "no line 100000"),
    ],
)
async def test_what_cannot_be_typed(run: Run, words: list[str], wanted: str) -> None:
    ran = await run("eval", "latency", *words)
    assert (ran.status, ran.out) == (2, "")
    assert wanted in ran.err


async def test_a_trace_is_played(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Some keys in a row are enough to see all the columns.
    monkeypatch.setattr("fimls.evaluation.typing_trace.KEYS", 27)
    source, plot = tmp_path / "module.py", tmp_path / "waits.svg"
    source.write_text("".join(f"value_{number} = {number}\n" for number in range(150)))
    words = ("--trace", str(source), "--key-ms", "20", "--pause-s", "0.5", "--plot", str(plot))
    ran = await run("eval", "latency", *words, "--json")
    assert ran.status == 0
    (report,) = ran.json["reports"]
    (seen,), (worked,) = report["seen"], report["worked"]
    assert (seen["keys"], worked["most_at_once"], worked["reloads"]) == (27, 1, 0)
    assert [floor["name"] for floor in report["floors"]] == ["floor 15", "floor 5", "known"]
    assert plot.read_text(encoding="utf-8").startswith("<svg")


async def test_a_model_of_the_users(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ollama: FakeOllama
) -> None:
    monkeypatch.setattr("fimls.evaluation.typing_trace.KEYS", 27)
    source = tmp_path / "module.py"
    source.write_text("".join(f"value_{number} = {number}\n" for number in range(150)))
    words = ("--trace", str(source), "--key-ms", "20", "--pause-s", "0.2", "--real")
    ran = await run("eval", "latency", *words, "--set", "backend=ollama")
    assert ran.status == 0
    assert "the configured model" in ran.out
    # Nobody could look at what it did.
    assert "model seconds" not in ran.out
    assert len(ollama.prompts) > 1


async def test_round_trips(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.round_trip.TARGETS_MS", {90: 10.0})
    monkeypatch.setattr("fimls.evaluation.round_trip.measure", few_trips)
    ran = await run("eval", "latency", "--round-trip", "--json")
    assert [figure["target_p95_ms"] for figure in ran.json["figures"]] == [10.0, 3.0]
    people = await run("eval", "latency", "--round-trip")
    assert people.out.splitlines()[1].split()[-1] == "10"


async def few_trips(_assignments: object, tell: Callable[[int], None]) -> list[Trips]:
    tell(1)
    return [Trips(90, [Trip(2.0, None)] * 2, [Trip(1.0, None)] * 2)]


async def test_endurance(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.endurance.endure", a_short_day)
    ran = await run("eval", "latency", "--endurance", "--json")
    assert (ran.json["growth_mb"], ran.json["tasks_left"]) == (5.0, [])
    people = await run("eval", "latency", "--endurance")
    assert people.out.splitlines()[-1] == "growth after 2000 edits: 5.0 MB (at most 10)"


async def a_short_day(tell: Callable[[int], None]) -> Endured:
    tell(3000)
    small, large = (Held(memory, ["serve"], 9, {"Run": 0}) for memory in (90_000_000, 95_000_000))
    looks = {2000: small, 3000: large}
    return Endured(3000, 600, 50, small, looks, small, 0, 0, 0, 1)

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fimls.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]


async def test_startup(run: Run) -> None:
    ran = await run("eval", "latency", "--startup", "--runs", "1", "--json")
    assert ran.status == 0
    assert (ran.json["runs"], ran.json["target_ratio"]) == (1, 1.3)
    assert ran.json["ratio"] > 0


async def test_startup_for_people(run: Run) -> None:
    ran = await run("eval", "latency", "--startup", "--runs", "1")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["answer", "bare", "fimls"]
    assert ran.out.splitlines()[-1].split()[-1] == "1.3"


async def test_overhead(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.overhead.LINES", 60)
    ran = await run("eval", "latency", "--overhead", "--json")
    assert ran.status == 0
    assert [figure["target_p95_ms"] for figure in ran.json["figures"]] == [3, 3, 15, 15]


@pytest.mark.parametrize(
    "words",
    [[], ["nonsense"], ["latency", "--startup", "--overhead"]],
)
def test_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", *words])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        # Neither of the two measurements.
        (["latency"], "--startup"),
        # No tasks to fill.
        (["infill"], "--data"),
        (["infill", "--data", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
async def test_what_is_missing(run: Run, words: list[str], wanted: str) -> None:
    ran = await run("eval", *words)
    assert (ran.status, ran.out) == (2, "")
    assert wanted in ran.err


async def test_infill(run: Run, tmp_path: Path) -> None:
    row = {"task_id": "t", "prompt": "x = ", "suffix": "\n", "canonical_solution": "1"}
    data = tmp_path / "tasks.jsonl"
    data.write_text(json.dumps(row))
    ran = await run("eval", "infill", "--data", str(data), "--json")
    assert ran.status == 0
    assert (ran.json["tasks"], ran.json["answered"]) == (1, 0)
    assert list(ran.json["skips"].values()) == [1]


@pytest.fixture
def small_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """One place, two variants, few requests: what is tested is the command."""
    from fimls.evaluation import scale_report

    made = scale_report.variants
    monkeypatch.setattr(scale_report, "variants", lambda scene: dict([*made(scene).items()][:2]))
    monkeypatch.setattr("fimls.evaluation.scale._MOST_EDITORS", 2)
    monkeypatch.setattr("fimls.evaluation.scale_figures.PLACES", 1)
    monkeypatch.setattr("fimls.evaluation.scale_figures.AUTHOR_SECONDS", 60.0)


@pytest.mark.usefixtures("small_scale")
async def test_scale(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "trace.json"
    lines = "".join(f"total_{n} = first_{n} + second_{n}\n" for n in range(60))
    trace = {"path": "a.py", "language": "python", "before": lines, "middle": lines, "after": ""}
    data.write_text(json.dumps(trace))
    words = ("--editors", "1,3", "--slots", "2", "--write-rate", "90", "--seconds", "60")
    ran = await run("eval", "scale", "--data", str(data), *words, "--json")
    assert ran.status == 0
    assert (ran.json["traces"], ran.json["seconds"]) == (["a.py"], 60)
    assert (ran.json["server"]["slots"], ran.json["server"]["write"]) == (2, 90)
    assert [row["editors"] for row in ran.json["shared"]] == [1, 3]
    assert [row["editors"] for row in ran.json["one_slot"]] == [1, 3]
    assert [each["name"] for each in ran.json["variants"]] == ["as it is", "one slot (Ollama)"]


@pytest.mark.usefixtures("small_scale")
async def test_scale_for_people(run: Run) -> None:
    ran = await run("eval", "scale", "--editors", "2", "--seconds", "60", "--right", "1")
    assert ran.status == 0
    assert ran.out.startswith("Simulated: reads 10000 and writes 75 tokens/s")
    firsts = [line.split()[0] for line in ran.out.splitlines() if line]
    assert firsts.count("2") == 2


@pytest.mark.parametrize(
    "words",
    [
        # No team, a rate of nothing, a share of more than all.
        ["--editors", "0"],
        ["--editors", "ten"],
        ["--read-rate", "0"],
        ["--typing", "2"],
        # Nobody types.
        ["--typing", "0"],
    ],
)
def test_scale_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "scale", *words])
    assert ended.value.code == 2


async def test_scale_without_a_trace(run: Run, tmp_path: Path) -> None:
    ran = await run("eval", "scale", "--data", str(tmp_path / "nowhere.json"))
    assert (ran.status, ran.out) == (2, "")
    assert "nowhere.json is no typing trace" in ran.err


async def test_no_number_of_runs(run: Run) -> None:
    ran = await run("eval", "latency", "--startup", "--runs", "0")
    assert (ran.status, ran.out) == (2, "")
    assert "--runs" in ran.err

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


async def test_no_number_of_runs(run: Run) -> None:
    ran = await run("eval", "latency", "--startup", "--runs", "0")
    assert (ran.status, ran.out) == (2, "")
    assert "--runs" in ran.err

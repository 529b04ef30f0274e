from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fimls.cli.main import main
from tests.cli.conftest import NOBODY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
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
    monkeypatch.setattr("fimls.evaluation.holds.ROUNDS", 2)
    monkeypatch.setattr("fimls.evaluation.overhead.GATED", ("java",))
    monkeypatch.setattr("fimls.evaluation.overhead.HELD", ("cpp",))
    ran = await run("eval", "latency", "--overhead", "--json")
    assert ran.status == 0
    # The machine may be slow and busy: three times the target, and most of these take a tenth.
    gate = [each for each in ran.json["figures"] if not each["what"].startswith(("filt", "shape"))]
    assert all(each["p50_ms"] < 3 * each["target_p95_ms"] for each in gate)
    targets = [figure["target_p95_ms"] for figure in ran.json["figures"]]
    assert targets[:4] == [3, 3, 15, 15]
    assert all(targets)


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
        (["latency", "--trace", "nowhere.json"], "nowhere.json"),
        (["infill", "--data", "nowhere.jsonl"], "nowhere.jsonl"),
        (["filters", "--data", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
async def test_what_is_missing(run: Run, words: list[str], wanted: str) -> None:
    ran = await run("eval", *words)
    assert (ran.status, ran.out) == (2, "")
    assert wanted in ran.err


@pytest.fixture
def tasks(tmp_path: Path) -> str:
    """A file with one task, whose true middle is `a + b`."""
    path = tmp_path / "tasks.jsonl"
    row = {
        "task_id": "t",
        "prompt": "def add(a, b):\n    return ",
        "suffix": "\n",
        "canonical_solution": "a + b",
        "entry_point": "add",
        "test": "def check(add):\n    assert add(1, 2) == 3\n",
    }
    path.write_text(json.dumps(row))
    return str(path)


@pytest.mark.usefixtures("ollama")
async def test_infill(run: Run, tasks: str) -> None:
    ran = await run("eval", "infill", "--data", tasks, "--json")
    assert ran.status == 0
    assert (ran.json["tasks"], ran.json["answered"], ran.json["exact"]) == (1, 1, 1)
    assert (ran.json["data"], ran.json["way"]) == ("tasks.jsonl", "explicit")
    assert (ran.json["passed"], ran.json["isolation"]) == (None, None)
    assert ran.json["model"] == "codellama:7b-code"
    assert "explicit" in ran.err


@pytest.mark.usefixtures("ollama")
async def test_infill_with_its_test_beside_the_bare_model(run: Run, tasks: str) -> None:
    ran = await run("eval", "infill", "--data", tasks, "--json", "--execute", "--raw")
    assert ran.status == 0
    assert ran.json["passed"] == 1
    assert "limits of time" in ran.json["isolation"]
    assert (ran.json["raw"]["answered"], ran.json["raw"]["passed"]) == (1, 1)


@pytest.mark.usefixtures("ollama")
async def test_infill_for_people(run: Run, tasks: str) -> None:
    ran = await run("eval", "infill", "--data", tasks, "--automatic", "--raw")
    assert ran.status == 0
    assert ran.out.startswith("tasks.jsonl\n")
    assert [line.split()[:3] for line in ran.out.splitlines()[3:6]] == [
        ["requests", "automatic", "raw"],
        ["tasks", "1", "1"],
        ["shown", "100.0", "±0.0"],
    ]


async def test_infill_is_taken_up_again(
    run: Run, tasks: str, ollama: FakeOllama, tmp_path: Path
) -> None:
    words = ("eval", "infill", "--data", tasks, "--json", "--out", str(tmp_path / "out.jsonl"))
    first = await run(*words)
    asked = len(ollama.requests)
    # What is there is not asked again, not even for its test.
    second = await run(*words, "--execute")
    prompts = [each for each in ollama.requests[asked:] if "return" in str(each)]
    assert prompts == []
    assert (first.json["exact"], second.json["exact"], second.json["passed"]) == (1, 1, 1)


@pytest.mark.usefixtures("ollama")
async def test_infill_of_our_own_tasks(run: Run) -> None:
    ran = await run("eval", "infill", "--count", "1", "--json")
    assert ran.status == 0
    assert ran.json["data"] == "fimls' own tasks"
    languages = [row["language"] for row in ran.json["by_language"]]
    assert len(languages) == ran.json["tasks"] >= 8
    people = await run("eval", "infill", "--count", "1")
    assert people.out.startswith("fimls' own tasks\n")
    assert [line.split()[0] for line in people.out.splitlines() if line][-1] != "requests"
    assert {line.split()[0] for line in people.out.splitlines() if line} >= set(languages)


async def test_infill_without_a_model(run: Run, tasks: str) -> None:
    ran = await run("eval", "infill", "--data", tasks, "--json", "--set", "backend=ollama")
    assert ran.status == 3
    assert "error" in ran.json
    assert "no model can be reached" in ran.err


async def test_raw_without_a_model(
    run: Run, tasks: str, tmp_path: Path, ollama: FakeOllama
) -> None:
    words = ("eval", "infill", "--data", tasks, "--raw", "--out", str(tmp_path / "out.jsonl"))
    await run(*words)
    (line, *_) = (tmp_path / "out.jsonl").read_text().splitlines()
    (tmp_path / "out.jsonl").write_text(f"{line}\n")
    ran = await run(*words, "--set", f"host={NOBODY}", "--set", "backend=ollama")
    assert (ran.status, ran.out) == (3, "")
    assert ollama.requests


async def test_filters(run: Run, tasks: str) -> None:
    ran = await run("eval", "filters", "--data", tasks, "--json", "--ablate")
    assert ran.status == 0
    (found,) = ran.json["sets"]
    assert (found["data"], found["tasks"]) == ("tasks.jsonl", 1)
    clean = found["tallies"][0]
    assert (clean["spoiling"], clean["restored_percent"]) == ("clean", 100)
    assert found["losses"]["control tokens"]["clean"] == 0
    assert [row["language"] for row in found["languages"]] == ["python"]
    assert found["gate"]["agreement_percent"] == 100


async def test_filters_for_people(run: Run, tasks: str) -> None:
    ran = await run("eval", "filters", "--data", tasks, "--ablate")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0] == "tasks.jsonl: 1 tasks"
    assert lines[3].split() == ["clean", "1", "100.0", "±0.0", "100.0", "0.0"]
    assert "without the filter" in ran.out
    assert "in 100.00 % of" in ran.out


async def test_filters_of_our_own_tasks(run: Run) -> None:
    ran = await run("eval", "filters", "--count", "1", "--show", "1")
    assert ran.status == 0
    assert ran.out.startswith("fimls' own tasks: ")
    assert "spoilt restored" in ran.out
    # One case of those that are lost, as a picture.
    assert ran.out.count("── a level too deep · ") == 1
    assert "├" in ran.out


@pytest.mark.parametrize("count", ["0", "-1", "all"])
def test_no_number_of_tasks(count: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "filters", "--count", count])
    assert ended.value.code == 2


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


async def test_actions(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.acting._PAUSE_S", 0.0)
    monkeypatch.setattr("fimls.evaluation.acting.LINES", 120)
    monkeypatch.setattr("fimls.evaluation.acting.PLACES", 2)
    ran = await run("eval", "latency", "--actions", "--json")
    assert ran.status == 0
    targets = {each["what"]: each["target_p95_ms"] for each in ran.json["figures"][:4]}
    listing = {"listing at a cursor": 10, "listing over a selection": 10}
    assert targets == {**listing, "explain": 50, "generate": 50}

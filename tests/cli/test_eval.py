from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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
    [[], ["latency"], ["nonsense"], ["latency", "--startup", "--overhead"]],
)
def test_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", *words])
    assert ended.value.code == 2


async def test_no_number_of_runs(run: Run) -> None:
    ran = await run("eval", "latency", "--startup", "--runs", "0")
    assert (ran.status, ran.out) == (2, "")
    assert "--runs" in ran.err

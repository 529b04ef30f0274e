from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.testing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]


def checks_of(ran: Ran) -> dict[str, Any]:
    """The rows by their names."""
    return {row["name"]: row for row in ran.json["checks"]}


async def check_row(run: Run, name: str, state: str, found: str, *words: str) -> None:
    """A row stands so and tells that; whatever is not well has something to do."""
    row = checks_of(await run("doctor", "--quick", "--json", *words))[name]
    assert row["state"] == state
    assert found in row["found"]
    assert row["why"]
    assert bool(row["fix"]) == (state != "ok")


async def test_all_is_well(run: Run, ollama: FakeOllama) -> None:
    ran = await run("doctor", "--json")
    assert (ran.status, ran.err, ran.json["ok"]) == (0, "", True)
    rows = checks_of(ran)
    assert "Ollama 0.33.0" in rows["server"]["found"]
    assert "codellama:7b-code on ollama fills in the middle" in rows["models"]["found"]
    assert "codellama:7b-code on ollama said `a + b`" in rows["completion"]["found"]


async def test_quick_asks_no_model(run: Run, ollama: FakeOllama) -> None:
    ran = await run("doctor", "--quick", "--json")
    assert (ran.status, ran.json["ok"], ollama.requests) == (0, True, [])
    assert checks_of(ran)["model"]["found"] == "codellama:7b-code on ollama"


@pytest.mark.parametrize("words", [[], ["--quick"]])
async def test_no_model(run: Run, words: list[str]) -> None:
    ran = await run("doctor", "--json", *words)
    assert (ran.status, ran.json["ok"]) == (3, False)
    assert "no completion can be made: " in ran.err
    last = ran.json["checks"][-1]
    assert last["state"] == "fail"
    assert "fimls model get" in last["fix"]


async def test_for_people(run: Run) -> None:
    ran = await run("doctor", "--quick")
    assert ran.status == 3
    assert "\x1b" not in ran.out
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert any(line.startswith("✓ Python ") for line in lines)
    assert any(line.startswith("! server ") for line in lines)
    assert any(line.startswith("✗ model ") for line in lines)
    assert any(line.lstrip().startswith("do:  run `fimls model get") for line in lines)


async def test_a_model_whose_words_are_not_shown_works(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = ""
    ran = await run("doctor", "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    assert checks_of(ran)["completion"]["state"] == "warn"


async def test_a_model_that_fails(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = Fault.OUT_OF_MEMORY
    ran = await run("doctor", "--json")
    assert (ran.status, ran.json["ok"]) == (3, False)


@pytest.mark.parametrize(
    ("name", "state", "found", "words"),
    [
        ("Python", "ok", "3.", []),
        ("versions", "ok", "pygls 2.", []),
        ("settings", "ok", "not there: all defaults", []),
        # Wrong settings are told here, wherever they come from.
        ("settings", "warn", "completion.maxTokns", ["--set", "completion.maxTokns=3"]),
        ("folders", "ok", "FIMLS_DATA_DIR", []),
        ("grammars", "ok", "20 of 20", []),
        ("proxies", "ok", "none set", []),
        # Another backend takes its place, so nothing is broken.
        ("server", "warn", "nothing answers", []),
        ("server", "fail", "nothing answers", ["--set", "backend=ollama"]),
        ("server", "fail", "nothing answers", ["--set", "backend=openai"]),
        ("server", "ok", "not asked", ["--set", "backend=embedded"]),
        # No connection is made to find this out.
        ("server", "warn", "is not this machine", ["--set", "host=https://example.com"]),
        ("models", "warn", "none", []),
        ("embedded runtime", "ok", "installed", []),
        ("embedded model", "warn", "smollm2-135m is not here", []),
        ("embedded model", "fail", "smollm2-135m is not here", ["--set", "backend=embedded"]),
    ],
)
async def test_rows(run: Run, name: str, state: str, found: str, words: list[str]) -> None:
    await check_row(run, name, state, found, *words)


async def test_a_proxy_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    await check_row(run, "proxies", "ok", "HTTPS_PROXY set, and not used for this machine")


async def test_a_missing_grammar(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.syntax.grammars.has_grammar", lambda name: name != "c_sharp")
    await check_row(run, "grammars", "warn", "19 of 20 load; not c_sharp")


async def test_a_missing_runtime(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.models.embedded.has_runtime", lambda: False)
    await check_row(run, "embedded runtime", "warn", "not installed")


async def test_a_folder_that_is_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FIMLS_CACHE_DIR", str(tmp_path / "file" / "cache"))
    await check_row(run, "folders", "warn", "cannot be written")


async def test_no_assignment(run: Run) -> None:
    assert (await run("doctor", "--set", "nonsense")).status == 2

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.testing.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]


async def test_list(run: Run, ollama: FakeOllama) -> None:
    ran = await run("model", "list", "--json")
    assert ran.status == 0
    assert ran.json == {
        "models": [
            {
                "name": "codellama:7b-code",
                "backend": "ollama",
                "size_bytes": 3_825_910_662,
                "fills": "yes",
                "loaded": False,
                "path": None,
            }
        ]
    }


async def test_list_for_people(run: Run, ollama: FakeOllama) -> None:
    ollama.install("nomic-embed-text")
    ran = await run("model", "list")
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["codellama:7b-code", "ollama", "3.8", "GB", "yes"] in rows
    assert ["nomic-embed-text:latest", "ollama", "0.3", "GB", "no"] in rows


async def test_list_of_nothing(run: Run) -> None:
    ran = await run("model", "list")
    assert (ran.status, ran.out) == (1, "")
    assert "fimls model get" in ran.err


async def test_list_of_nothing_in_json(run: Run) -> None:
    ran = await run("model", "list", "--json")
    assert (ran.status, ran.json) == (1, {"models": []})


async def test_path_of_what_is_not_here(run: Run) -> None:
    ran = await run("model", "path")
    assert (ran.status, ran.out, ran.err) == (1, "", "fimls: smollm2-135m is not here\n")
    assert (await run("model", "path", "--json")).json == {"path": None}


async def test_a_file_of_the_users(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF and so on")
    assert (await run("model", "get", str(file))).status == 0
    ran = await run("model", "path", "--set", "embeddedModel=mine")
    assert (ran.status, ran.out) == (0, f"{file}\n")


async def test_a_file_that_is_no_model(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"PK")
    ran = await run("model", "get", str(file), "--json")
    assert (ran.status, ran.out) == (2, "")
    assert "is not a GGUF file" in ran.err


async def test_a_pull(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeOllama(models=()) as fake:
        monkeypatch.setenv("FIMLS_HOST", fake.url)
        ran = await run("model", "get", "codellama:7b-code", "--json")
        assert (ran.status, ran.json) == (0, {"model": "codellama:7b-code", "path": None})
        assert "codellama:7b-code 100 %" in ran.err
        assert (await run("model", "list")).status == 0


async def test_a_pull_from_nobody(run: Run) -> None:
    ran = await run("model", "get", "codellama:7b-code", "--json")
    assert ran.status == 3
    assert "nothing answers" in ran.json["error"]
    assert "nothing answers" in ran.err


async def test_a_host_that_is_not_allowed(run: Run) -> None:
    ran = await run("model", "get", "codellama:7b-code", "--set", "host=https://example.com")
    assert ran.status == 3
    assert "allowRemote" in ran.err

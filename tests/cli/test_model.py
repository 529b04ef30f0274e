from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from fimls.testing.fake_ollama import FakeOllama
from tests.models.standing_clock import Standing

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
                "family": "codellama",
                "found_by": "name",
                "loaded": False,
                "path": None,
            }
        ]
    }


async def test_list_for_people(run: Run, ollama: FakeOllama) -> None:
    ollama.install("nomic-embed-text")
    ran = await run("model", "list")
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["codellama:7b-code", "ollama", "3.8", "GB", "yes", "codellama"] in rows
    assert ["nomic-embed-text:latest", "ollama", "0.3", "GB", "no"] in rows
    assert "fills in the middle" in ran.out.splitlines()[0]


async def test_no_name_is_cut(run: Run, ollama: FakeOllama) -> None:
    name = "hf.co/somebody-with-a-long-name/Some-Very-Long-Name-Of-A-Coder-7B-GGUF:Q4_K_M"
    ollama.install(name)
    ran = await run("model", "list")
    [row] = [line for line in ran.out.splitlines() if name in line]
    assert row.split()[1:] == ["ollama", "3.8", "GB", "by", "prefix", "only"]


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
    assert "ollama serve" in ran.json["fix"]
    told = ran.err.splitlines()
    assert told[-2].startswith("fimls: nothing answers at http://127.0.0.1:9")
    assert told[-1].startswith("fimls: start it with `ollama serve`")


async def test_a_pull_of_what_is_not_there(run: Run, ollama: FakeOllama) -> None:
    ran = await run("model", "get", "codelama:7b")
    assert (ran.status, ran.out) == (3, "")
    assert "there is no model codelama:7b to pull" in ran.err
    assert "correct the name" in ran.err


async def test_a_pull_of_nothing(run: Run) -> None:
    # As a script has it whose variable is not set.
    ran = await run("model", "get", "")
    assert (ran.status, ran.err) == (2, "fimls: the name of the model is empty\n")


async def test_a_pull_from_another_kind_of_server(run: Run) -> None:
    ran = await run("model", "get", "codellama:7b", "--set", "backend=openai")
    assert ran.status == 2
    assert "fetches no models" in ran.err


async def test_ctrl_c_stops_a_pull_at_once() -> None:
    clock = Standing()
    async with FakeOllama(models=(), clock=clock) as fake:
        words = ("-m", "fimls", "model", "get", "codellama:7b-code", "--set", f"host={fake.url}")
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        try:
            async with asyncio.timeout(30):
                await clock.reached.wait()
                process.send_signal(signal.SIGINT)
                # The server sees that nobody listens any more, and stops.
                await clock.left.wait()
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
    assert (process.returncode, out) == (130, b"")
    assert err.decode().splitlines()[-1].startswith("fimls: stopped")


async def test_a_host_that_is_not_allowed(run: Run) -> None:
    ran = await run("model", "get", "codellama:7b-code", "--set", "host=https://example.com")
    assert ran.status == 3
    assert "allowRemote" in ran.err

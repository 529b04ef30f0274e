"""The server in a process of its own, with a fake Ollama."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

SERVE = [sys.executable, "-m", "fimls", "serve"]


@dataclass(frozen=True)
class Served:
    """A server that runs, and an editor that is connected to it."""

    process: Process
    client: LspClient


@pytest.fixture
async def ollama() -> AsyncIterator[FakeOllama]:
    """A fake Ollama that has Code Llama."""
    async with FakeOllama() as fake:
        yield fake


@pytest.fixture
def environ(ollama: FakeOllama, tmp_path: Path) -> dict[str, str]:
    """The environment of a server that uses it, and that knows no settings of this machine's."""
    folders = {f"FIMLS_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    return {
        **os.environ,
        **folders,
        "FIMLS_BACKEND": "ollama",
        "FIMLS_HOST": ollama.url,
        # Requests are counted, and faults are laid for the next one: nothing else shall come first.
        "FIMLS_COMPLETION_SPECULATE": "off",
    }


Start = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture
def start(environ: Mapping[str, str]) -> Start:
    """Starts a server, by a command of the test's own if need be."""

    @asynccontextmanager
    async def started(*command: str, **more: str) -> AsyncIterator[Served]:
        process = await asyncio.create_subprocess_exec(
            *(command or SERVE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**environ, **more},
        )
        assert process.stdout is not None
        assert process.stdin is not None
        client = LspClient(process.stdout, process.stdin)
        try:
            yield Served(process, client)
        finally:
            await client.close()
            if process.returncode is None:
                process.kill()
            await process.wait()

    return started

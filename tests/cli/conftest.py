from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fimls.cli.main import main
from fimls.testing.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

# Nothing listens there: `discard` is a port that no system has open.
NOBODY = "http://127.0.0.1:9"

_FOLDERS = ("FIMLS_CONFIG_DIR", "FIMLS_DATA_DIR", "FIMLS_CACHE_DIR")


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON object."""
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings, models or server of this machine."""
    for name in ("OLLAMA_HOST", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in _FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("FIMLS_HOST", NOBODY)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Awaitable[Ran]]:
    """Runs a command in this process, beside the event loop that a fake server needs."""

    async def running(*words: str) -> Ran:
        status = await asyncio.to_thread(main, words)
        told = capsys.readouterr()
        return Ran(status, told.out, told.err)

    return running


@pytest.fixture
async def ollama(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeOllama]:
    """An Ollama with Code Llama, which the settings name."""
    async with FakeOllama(answer="a + b <EOT>") as fake:
        monkeypatch.setenv("FIMLS_HOST", fake.url)
        yield fake

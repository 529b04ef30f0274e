"""The fakes as programs: one line says where they are, and they end with their input."""

from __future__ import annotations

import json

import pytest

from fimls.processes import python, start
from tests.testing.conftest import post


@pytest.mark.parametrize(
    ("module", "path", "model"),
    [
        ("fimls.testing.fake_ollama", "/api/generate", "codellama:7b-code"),
        ("fimls.testing.fake_openai", "/v1/completions", "codellama-7b"),
    ],
)
async def test_program(module: str, path: str, model: str) -> None:
    child = await start(python(module, "--answer", "a + b", "--chunking", "bytes"))
    try:
        url = json.loads(await child.first_line(timeout_s=20.0))["url"]
        body = {"model": model, "prompt": "x", "raw": True, "stream": False}
        assert "a + b" in (await post(url, path, body)).text
        child.writer.close()
        assert await child.ended(within_s=20.0)
        assert child.returncode == 0
    finally:
        await child.stop()

"""The embedded model's own tokenizer, asked over its server: what estimates are held to."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from fimls import processes
from fimls.models.embedded_child import KEY_VARIABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

_KEY = "a-key-for-this-test"


@asynccontextmanager
async def tokenizer(model: Path) -> AsyncIterator[Callable[[str], Awaitable[int]]]:
    """Counts the tokens of a text, as long as it is entered."""
    command = processes.python("fimls.models.embedded_child", str(model), "512", "1")
    child = await processes.start(command, env_extra={KEY_VARIABLE: _KEY})
    try:
        url = json.loads(await child.reader.readline())["url"]
        headers = {"Authorization": f"Bearer {_KEY}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:

            async def count(text: str) -> int:
                answer = await client.post("/tokenize", json={"content": text})
                answer.raise_for_status()
                return len(answer.json()["tokens"])

            yield count
    finally:
        await child.stop()

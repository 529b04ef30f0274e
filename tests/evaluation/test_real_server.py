from __future__ import annotations

import pytest

from fimls.errors import ProcessError, Unreachable
from fimls.evaluation.real_server import configured, serving
from fimls.testing.fake_ollama import FakeOllama


async def test_a_server_with_a_model() -> None:
    async with FakeOllama() as ollama, serving(ollama.url) as server:
        await server.client.initialize()
        await server.settled()
        worked_s = server.worked_s()
        assert worked_s is None or worked_s > 0
    assert ollama.loads == 1


async def test_without_the_model() -> None:
    async with FakeOllama(models=()) as ollama, serving(ollama.url) as server:
        await server.client.initialize()
        with pytest.raises(Unreachable, match="not installed"):
            await server.settled()


async def test_a_server_that_ends_by_itself() -> None:
    with pytest.raises(ProcessError, match="doctor"):
        async with configured(["no assignment"]) as server:
            await server.client.initialize()

"""What an Ollama server tells about its models, and fetching one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    ModelError,
    ModelFailed,
    ModelMissing,
)
from fimls.models.ollama_server import Progress, is_same_model
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.http_server import HttpServer
from tests.models.asking_ollama import (
    CODE_LLAMA,
    ollama,
    server_at,
)

if TYPE_CHECKING:
    from fimls.testing.http_server import Exchange, HttpRequest


@pytest.mark.parametrize(
    ("name", "version", "family", "can_chat", "saves_prompts"),
    [
        ("codellama:7b-code", "0.33", "codellama", False, True),
        ("codellama:7b-instruct", "0.33", "codellama", True, True),
        ("codellama:34b-code", "0.33", None, True, True),
        # Before llama-server.
        ("codellama:7b-code", "0.24", "codellama", False, False),
    ],
)
async def test_capabilities(
    name: str, version: str, family: str | None, *, can_chat: bool, saves_prompts: bool
) -> None:
    async with FakeOllama(models=[name], version=version) as fake, ollama(fake, name) as model:
        assert model.capabilities.has_gpu is None
        await model.warm_up()

    found = model.capabilities
    assert (found.family.name if found.family else None) == family
    assert (found.can_chat, found.saves_prompts, found.has_gpu) == (can_chat, saves_prompts, False)
    assert not found.can_force


@pytest.mark.parametrize("version", ["0.24", "0.33"])
async def test_questions(version: str) -> None:
    models = ["nomic-embed-text", CODE_LLAMA]
    async with FakeOllama(models, version=version) as fake, server_at(fake.url) as server:
        newest, oldest = await server.models()
        shown = await server.show(CODE_LLAMA)
        assert await server.version() >= (0, 24, 0)
        assert await server.loaded() == ()

    assert (newest.name, newest.is_remote, newest.can_complete) == (CODE_LLAMA, False, True)
    # Before 0.30 the list does not tell.
    assert oldest.can_complete is (version == "0.24")
    assert shown.context_tokens == 16_384
    assert "<PRE>" in shown.template


async def test_what_has_no_name_is_no_model() -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send_json(200, {"models": [1, None, {"name": 7}, {"name": "a:1b"}]})

    async with HttpServer(handle) as web, server_at(web.url) as server:
        assert [each.name for each in await server.models()] == ["a:1b"]


async def test_names_with_and_without_a_tag() -> None:
    assert is_same_model("codellama", "CodeLlama:latest")
    assert is_same_model("me/codellama:7b", "me/codellama:7b")
    assert not is_same_model("codellama:7b", "codellama")


async def test_a_model_is_pulled() -> None:
    async with FakeOllama(models=[]) as fake, server_at(fake.url) as server:
        told = [progress async for progress in server.pull(CODE_LLAMA)]
        assert [each.name for each in await server.models()] == [CODE_LLAMA]

    assert told[-1] == Progress("success", "", 0, 0)
    layers = {each.digest: each for each in told if each.digest}
    assert all(each.done_bytes == each.total_bytes > 0 for each in layers.values())


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        # Failures come within the stream, after a status of 200.
        ("nothing:7b", ModelMissing, "there is no model nothing:7b to pull"),
        ("broken:7b", ModelFailed, "max retries exceeded"),
    ],
)
async def test_a_pull_that_fails(name: str, error: type[ModelError], words: str) -> None:
    pullable = {"broken:7b": "max retries exceeded: EOF"}
    async with FakeOllama(pullable=pullable) as fake, server_at(fake.url) as server:
        with pytest.raises(error, match=words):
            assert [progress async for progress in server.pull(name)]

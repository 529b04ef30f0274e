"""A server without an end of an answer, or too slow with one, fills neither memory nor time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from fimls.clock import SystemClock
from fimls.errors import ModelError, ModelRefused, StreamBroken, Unreachable
from fimls.models import questions
from fimls.models.connecting import openai_at
from fimls.models.hosts import resolve
from fimls.models.ollama import Ollama
from fimls.models.ollama_server import OllamaServer
from fimls.models.openai_server import OpenAIServer
from fimls.models.trouble import Condition
from fimls.settings import Settings
from fimls.testing.http_server import Exchange, HttpRequest, HttpServer
from tests.models import asking_ollama, asking_openai
from tests.models.asking_ollama import CAPABILITIES, CODE_LLAMA, server_at
from tests.models.asking_openai import model_at

# What a reader may have been sent before it has had enough: several times the longest answer.
MOST_BYTES = 32 << 20

_BLOCK = b" " * 65_536


class Talker:
    """Answers each request with blanks, for ever, with a status."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.sent_bytes = 0

    async def __call__(self, _request: HttpRequest, exchange: Exchange) -> None:
        if self.status == 200:
            exchange.start("application/json")
        else:
            exchange.send(self.status, headers={"Content-Length": str(1 << 40)})
        while True:
            self.sent_bytes += len(_BLOCK)
            await exchange.write(_BLOCK)


Ask = Callable[[str], Awaitable[object]]


def to_ollama(ask: Callable[[OllamaServer], Awaitable[object]]) -> Ask:
    """A question to the Ollama at a URL."""

    async def asked(url: str) -> object:
        async with server_at(url) as server:
            return await ask(server)

    return asked


def to_openai(ask: Callable[[OpenAIServer], Awaitable[object]]) -> Ask:
    """The same to a server with OpenAI's routes."""

    async def asked(url: str) -> object:
        async with openai_at(Settings(host=url)) as server:
            return await ask(server)

    return asked


async def pulled(server: OllamaServer) -> object:
    return [progress async for progress in server.pull(CODE_LLAMA)]


tags = to_ollama(OllamaServer.models)
show = to_ollama(lambda server: server.show(CODE_LLAMA))
vocabulary = to_ollama(lambda server: server.vocabulary(CODE_LLAMA))
pull = to_ollama(pulled)
models = to_openai(OpenAIServer.models)
whole_answer = to_openai(lambda server: server.answer("completions", {}, model="m"))


async def generate_at_ollama(url: str) -> object:
    server = OllamaServer(resolve(url), {})
    model = Ollama(server, CODE_LLAMA, CAPABILITIES)
    # As after an answer a moment ago, so that nothing is asked about the model first.
    model._alive_at = SystemClock().now()
    try:
        return await asking_ollama.pieces_of(model)
    finally:
        await model.close()


async def generate_at_openai(url: str) -> object:
    async with model_at(url) as model:
        return await asking_openai.pieces_of(model)


async def check_endless(ask: Ask, status: int) -> ModelError:
    """What is raised, and that it is raised before much has been sent."""
    talker = Talker(status)
    async with HttpServer(talker) as web, asyncio.timeout(10):
        with pytest.raises(ModelError) as raised:
            await ask(web.url)
    assert talker.sent_bytes < MOST_BYTES
    return raised.value


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("ask", [tags, show, models, whole_answer])
async def test_what_should_be_short(ask: Ask, status: int) -> None:
    error = await check_endless(ask, status)
    assert isinstance(error, ModelRefused)
    assert "where a short answer is due" in str(error)
    assert error.condition == Condition.NOT_THE_SERVER


@pytest.mark.parametrize("ask", [generate_at_ollama, generate_at_openai])
async def test_a_line_of_a_stream(ask: Ask) -> None:
    error = await check_endless(ask, 200)
    assert isinstance(error, StreamBroken)
    assert error.condition == Condition.UNREADABLE


@pytest.mark.parametrize("ask", [generate_at_ollama, generate_at_openai, vocabulary, pull])
async def test_the_words_of_an_error_where_a_stream_was_asked_for(ask: Ask) -> None:
    error = await check_endless(ask, 500)
    assert "where a short answer is due" in str(error)


async def test_what_can_be_done_without_is_as_if_it_were_not_there() -> None:
    talker = Talker(200)
    async with HttpServer(talker) as web, openai_at(Settings(host=web.url)) as server:
        assert await server.aside("props") == b""
    assert talker.sent_bytes < MOST_BYTES


@pytest.mark.parametrize("ask", [generate_at_ollama, generate_at_openai, vocabulary])
async def test_the_words_of_an_error_that_do_not_come(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stops(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send(500, "out of", headers={"Content-Length": "20"})
        await asyncio.Event().wait()

    monkeypatch.setattr(questions, "QUESTION_TIMEOUT_S", 0.1)
    async with HttpServer(stops) as web, asyncio.timeout(10):
        with pytest.raises(Unreachable, match="did not answer in time"):
            await ask(web.url)

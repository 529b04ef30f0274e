"""Every fault of Ollama becomes an error that says what is the case; the model goes on."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    StreamBroken,
    Unreachable,
)
from fimls.models.ollama import Ollama
from fimls.models.ollama_faults import ollama_error
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.http_server import HttpServer

if TYPE_CHECKING:
    from fimls.models.protocol import Piece
    from fimls.testing.http_server import Exchange, HttpRequest

from tests.models.asking_ollama import (
    CAPABILITIES,
    CODE_LLAMA,
    REQUEST,
    ollama,
    pieces_of,
    server_at,
    text_of,
)


async def listen(model: Ollama, heard: list[Piece]) -> None:
    async with aclosing(model.generate(REQUEST)) as pieces:
        async for piece in pieces:
            heard += [piece]


@pytest.mark.parametrize(
    ("fault", "said", "error", "words"),
    [
        # In the stream: what came before is passed on.
        (Fault.ERROR, True, ModelFailed, "error was encountered"),
        (Fault.NO_DONE, True, StreamBroken, "broke off"),
        (Fault.BROKEN_OFF, True, StreamBroken, "broke off"),
        (Fault.RESET, True, StreamBroken, "broke off"),
        (Fault.GARBAGE, True, StreamBroken, "cannot be read"),
        # Instead of an answer.
        (Fault.BUSY, False, ModelBusy, "Ollama is busy"),
        (Fault.OUT_OF_MEMORY, False, ModelFailed, "could not load codellama:7b-code: .*memory"),
        (Fault.DIED, False, ModelFailed, "unexpectedly stopped"),
        (Fault.MISSING, False, ModelMissing, "codellama:7b-code is not installed"),
        (Fault.UNAUTHORIZED, False, ModelRefused, "sign in"),
        (Fault.FORBIDDEN, False, ModelRefused, "set `host` to localhost"),
        (Fault.BAD_GATEWAY, False, ModelBusy, "cloud cannot be reached"),
    ],
)
async def test_faults(fault: Fault, *, said: bool, error: type[ModelError], words: str) -> None:
    async with FakeOllama(answer=["a", "b", "c", "d"]) as fake, ollama(fake) as model:
        fake.fail_next(fault)
        heard: list[Piece] = []
        with pytest.raises(error, match=words):
            await listen(model, heard)
        assert bool(text_of(heard)) is said
        # The model goes on.
        assert text_of(await pieces_of(model)) == "abcd"


async def test_a_model_that_is_not_there() -> None:
    async with FakeOllama() as fake:
        with pytest.raises(ModelMissing, match=r"qwen2\.5-coder:7b is not installed"):
            async with ollama(fake, "qwen2.5-coder:7b"):
                pass


async def test_a_server_that_is_not_there() -> None:
    async with FakeOllama() as fake:
        url = fake.url
    async with server_at(url) as server:
        with pytest.raises(Unreachable, match=f"nothing answers at {url}"):
            await server.version()
        with pytest.raises(Unreachable, match=f"nothing answers at {url}"):
            await pieces_of(Ollama(server, CODE_LLAMA, CAPABILITIES))


async def test_a_server_that_goes_away() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=VirtualClock()) as model:
        await model.warm_up()
        await fake.__aexit__(None, None, None)
        with pytest.raises(Unreachable):
            await pieces_of(model)


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"{}", b'{"version": 3}'])
async def test_a_server_that_is_another(body: bytes) -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send(200, body)

    async with HttpServer(handle) as web, server_at(web.url) as server:
        with pytest.raises(ModelFailed, match="is not Ollama"):
            await server.version()


# What llama-server says, as Ollama passes it on: JSON in a string in JSON.
OVERFLOW = json.dumps(
    {"error": json.dumps({"error": {"code": 400, "type": "exceed_context_size_error"}})}
)


@pytest.mark.parametrize(
    ("status", "said", "error", "words"),
    [
        # `ollama.md` §1.4, from the top.
        (404, "model 'm' not found", ModelMissing, "m is not installed"),
        (404, 'model "m" not found, try pulling it first', ModelMissing, "m is not installed"),
        (404, "404 page not found", ModelRefused, "what answers at http://h:1 is not Ollama"),
        (400, "model is required", ModelMissing, "no model is named"),
        (400, "invalid model name", ModelRefused, "invalid model name"),
        (400, "registry/m:latest does not support insert", ModelRefused, "fill in the middle"),
        (400, '"bert" does not support generate', ModelRefused, "m is no completion model"),
        (503, "server busy, please try again.", ModelBusy, "Ollama is busy"),
        (None, "server busy, please try again.", ModelBusy, "Ollama is busy"),
        (499, "request canceled", StreamBroken, "cancelled"),
        (400, "the prompt is longer than the context length currently", ModelRefused, "too long"),
        (400, OVERFLOW, ModelRefused, "too long"),
        (
            500,
            "timed out waiting for llama-server to start",
            ModelFailed,
            "could not load m: timed",
        ),
        (500, 'option "num_ctx" must be of type integer', ModelRefused, "num_ctx"),
        (403, "ollama cloud is disabled: remote model is unavailable", ModelRefused, "cloud"),
        (403, "", ModelRefused, "rejects that host name"),
        (500, "", ModelFailed, "http://h:1 answered with status 500"),
    ],
)
def test_wordings(status: int | None, said: str, error: type[ModelError], words: str) -> None:
    with pytest.raises(error, match=words):
        raise ollama_error(status, said, model="m", host="http://h:1")

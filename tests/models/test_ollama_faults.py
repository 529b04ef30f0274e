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
    PromptTooLong,
    StreamBroken,
    Unreachable,
)
from fimls.models.conditions import Condition
from fimls.models.ollama import Ollama
from fimls.models.ollama_faults import ollama_error
from fimls.models.protocol import Generation
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
        (Fault.FORBIDDEN, False, ModelRefused, "rejects that host name"),
        (Fault.BAD_GATEWAY, False, ModelBusy, "cloud cannot be reached"),
        (Fault.CLOUD_DISABLED, False, ModelRefused, "does not ask its cloud for codellama:7b-code"),
        (Fault.SERVER_ERROR, False, ModelFailed, "input/output error"),
        (Fault.TOO_LONG, False, PromptTooLong, "too long for codellama:7b-code"),
        (Fault.OVERFLOW, False, PromptTooLong, "too long for codellama:7b-code"),
        (Fault.NO_INSERT, False, ModelRefused, "no template to fill in the middle"),
        (Fault.NO_COMPLETION, False, ModelRefused, "is no completion model"),
        (Fault.WRONG_OPTION, False, ModelRefused, "num_ctx"),
        (Fault.CANCELLED, False, StreamBroken, "was cancelled"),
        (Fault.TERMINATED, False, ModelFailed, "could not load .*terminated"),
        (Fault.LOAD_TIMED_OUT, False, ModelFailed, "could not load .*timed out"),
        (Fault.NO_RUNNER, False, ModelFailed, "could not load .*not found"),
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


async def test_half_of_a_character() -> None:
    async with FakeOllama() as fake, ollama(fake) as model:
        with pytest.raises(ModelRefused, match="half of a character"):
            await pieces_of(model, Generation("x = \ud83d", max_tokens=8))


async def test_a_server_that_goes_away() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=VirtualClock()) as model:
        await model.warm_up()
        await fake.__aexit__(None, None, None)
        with pytest.raises(Unreachable):
            await pieces_of(model)


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"{}", b'{"version": 3}', b"[" * 100_000])
async def test_a_server_that_is_another(body: bytes) -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send(200, body)

    async with HttpServer(handle) as web, server_at(web.url) as server:
        with pytest.raises(ModelRefused, match="is not Ollama") as raised:
            await server.version()
    assert raised.value.condition == Condition.NOT_THE_SERVER


@pytest.mark.parametrize(
    "body",
    [
        # llama-server and vLLM, which have other routes: it is no model that is not there.
        '{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}',
        '{"detail":"Not Found"}',
    ],
)
async def test_a_server_with_other_routes(body: str) -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send_json(404, json.loads(body))

    async with HttpServer(handle) as web, server_at(web.url) as server:
        with pytest.raises(ModelRefused, match="is not Ollama"):
            await server.models()


# What llama-server says, as Ollama passes it on: JSON in a string in JSON.
EXCEEDS = json.dumps(
    {
        "error": json.dumps(
            {
                "error": {
                    "code": 400,
                    "message": "request (15001 tokens) exceeds the available context size "
                    "(4096 tokens), try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 15001,
                    "n_ctx": 4096,
                }
            }
        )
    }
)
LONGER = (
    "the prompt is longer than the context length currently available to the model; shorten the "
    "prompt, adjust the context length in settings, or use a model with a longer context length"
)
STOPPED = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an internal "
    "error, check ollama server logs for details"
)
INCOMPATIBLE = (
    "unable to load model: this model may be incompatible with your version of Ollama. If you "
    "previously pulled this model, try updating it by running `ollama pull m`"
)
UNSIGNED = json.dumps({"error": "unauthorized", "signin_url": "https://ollama.com/connect?name=a"})


@pytest.mark.parametrize(
    ("status", "body", "error", "condition", "words"),
    [
        # `ollama.md` §1.4, from the top: requests that are wrong.
        (400, "missing request body", ModelRefused, Condition.REFUSED, "missing request body"),
        (400, "invalid character '<'", ModelRefused, Condition.REFUSED, "invalid character"),
        # The model is not there, in the words of each route.
        (404, "model 'm' not found", ModelMissing, Condition.MODEL_MISSING, "m is not installed"),
        (404, "model 'm:latest' not found", ModelMissing, Condition.MODEL_MISSING, "m is not"),
        (
            404,
            'model "m" not found, try pulling it first',
            ModelMissing,
            Condition.MODEL_MISSING,
            "m is not installed",
        ),
        (404, "model '' not found", ModelMissing, Condition.MODEL_MISSING, "not installed"),
        (400, "model is required", ModelMissing, Condition.MODEL_MISSING, "not installed"),
        (400, "invalid model name", ModelRefused, Condition.BAD_NAME, "m is no name of a model"),
        (
            400,
            'use either :local or :cloud, not both: "m:cloud:local"',
            ModelRefused,
            Condition.BAD_NAME,
            "no name of a model",
        ),
        # It is there, and cannot.
        (
            400,
            "registry.ollama.ai/library/m:latest does not support insert",
            ModelRefused,
            Condition.NO_INSERT,
            "fill in the middle",
        ),
        (
            400,
            '"m" does not support generate',
            ModelRefused,
            Condition.NOT_FOR_COMPLETION,
            "m is no completion model",
        ),
        (400, '"m" does not support chat', ModelRefused, Condition.NOT_FOR_COMPLETION, "m is no"),
        # Later.
        (
            503,
            "server busy, please try again.  maximum pending requests exceeded",
            ModelBusy,
            Condition.BUSY,
            "Ollama is busy",
        ),
        (None, "server busy, please try again.", ModelBusy, Condition.BUSY, "Ollama is busy"),
        (499, "request canceled", StreamBroken, Condition.CLIENT_GONE, "cancelled"),
        # Too long, with and without truncation.
        (400, LONGER, PromptTooLong, Condition.PROMPT_TOO_LONG, "too long for m"),
        (400, EXCEEDS, PromptTooLong, Condition.PROMPT_TOO_LONG, "too long for m"),
        # It does not come up.
        (
            500,
            "llama-server process has terminated: exit status 2",
            ModelFailed,
            Condition.LOAD_FAILED,
            "could not load m: llama-server process has terminated",
        ),
        (
            500,
            "timed out waiting for llama-server to start - progress 0.4",
            ModelFailed,
            Condition.LOAD_FAILED,
            "could not load m: timed out",
        ),
        (
            500,
            "llama-server reported out-of-memory during startup: exit 1",
            ModelFailed,
            Condition.OUT_OF_MEMORY,
            "could not load m: .*out-of-memory",
        ),
        (500, INCOMPATIBLE, ModelFailed, Condition.LOAD_FAILED, "could not load m: .*incompat"),
        (
            500,
            "error starting llama-server: llama-server binary not found (checked: /usr/lib)",
            ModelFailed,
            Condition.NO_RUNNER,
            "could not load m: .*binary not found",
        ),
        # It dies, before and within an answer.
        (500, STOPPED, ModelFailed, Condition.RUNNER_DIED, "the process that ran m has stopped"),
        (None, STOPPED, ModelFailed, Condition.RUNNER_DIED, "the process that ran m has stopped"),
        (
            None,
            "an error was encountered while running the model: exit 1",
            ModelFailed,
            Condition.STREAM_ERROR,
            "m broke off with an error: an error was encountered",
        ),
        (None, "words that nobody knows", ModelFailed, Condition.STREAM_ERROR, "nobody knows"),
        # Settings that are wrong.
        (
            500,
            'option "num_ctx" must be of type integer',
            ModelRefused,
            Condition.WRONG_OPTION,
            'option "num_ctx"',
        ),
        (
            400,
            'time: missing unit in duration "5"',
            ModelRefused,
            Condition.WRONG_KEEP_ALIVE,
            "`keepAlive`: .*missing unit",
        ),
        # The cloud.
        (
            403,
            "ollama cloud is disabled: remote model is unavailable",
            ModelRefused,
            Condition.CLOUD_DISABLED,
            "cloud is disabled",
        ),
        (
            400,
            "this server cannot run this remote model",
            ModelRefused,
            Condition.CLOUD_DISABLED,
            "does not ask its cloud for m",
        ),
        (
            401,
            UNSIGNED,
            ModelRefused,
            Condition.CLOUD_SIGN_IN,
            r"sign in at https://ollama\.com/connect\?name=a",
        ),
        (
            502,
            "dial tcp: lookup ollama.com: no such host",
            ModelBusy,
            Condition.CLOUD_UNREACHABLE,
            "cloud cannot be reached",
        ),
        # What stands before Ollama, or is there in its place.
        (502, "<html><h1>502 Bad Gateway", ModelBusy, Condition.NO_ANSWER, "in time"),
        (504, "Gateway Timeout", ModelBusy, Condition.NO_ANSWER, "in time"),
        (403, "", ModelRefused, Condition.HOST_NAME_REJECTED, "rejects that host name"),
        (401, "401 Unauthorized", ModelRefused, Condition.WRONG_KEY, "does not accept the key"),
        (401, "<html>401 Authorization Required", ModelRefused, Condition.WRONG_KEY, "the key"),
        (403, "<html>403 Forbidden</html>", ModelRefused, Condition.WRONG_KEY, "the key"),
        (404, "404 page not found", ModelRefused, Condition.NOT_THE_SERVER, "is not Ollama"),
        (405, "405 method not allowed", ModelRefused, Condition.NOT_THE_SERVER, "is not Ollama"),
        (404, "<html>Not Found", ModelRefused, Condition.NOT_THE_SERVER, "http://h:1 is not"),
        # Fetching a model (§1.5): errors within a stream that has begun well.
        (
            None,
            "pull model manifest: file does not exist",
            ModelMissing,
            Condition.NOTHING_TO_PULL,
            "there is no model m to pull",
        ),
        (
            None,
            "unauthorized: access denied",
            ModelRefused,
            Condition.PULL_REFUSED,
            "does not give out m: .*denied",
        ),
        (None, "401: no", ModelRefused, Condition.PULL_REFUSED, "does not give out m"),
        (
            None,
            "max retries exceeded: EOF",
            ModelFailed,
            Condition.PULL_FAILED,
            "fetching m failed: max retries",
        ),
        # Nothing that is known.
        (500, "", ModelFailed, Condition.FAILED, "http://h:1 answered with status 500"),
        (None, "", ModelFailed, Condition.STREAM_ERROR, "http://h:1 gave no reason"),
        # What it repeats of the user's key.
        (
            500,
            "bad Authorization: Bearer abc.def, no sk-abcdefgh",
            ModelFailed,
            Condition.FAILED,
            "^bad Authorization: Bearer … no …$",
        ),
        # A page is no message, and a terminal is not to obey one.
        (500, "<html>\n<h1>Oh", ModelFailed, Condition.FAILED, "^http://h:1 answered with status"),
        (500, "\x1b[31mred\x1b[0m\x07\r\n", ModelFailed, Condition.FAILED, r"^\[31mred\[0m$"),
    ],
)
def test_wordings(
    status: int | None, body: str, error: type[ModelError], condition: Condition, words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        raise ollama_error(status, body, model="m", host="http://h:1")
    assert type(raised.value) is error
    assert raised.value.condition == condition

"""Every fault of a server with OpenAI's routes becomes an error that says what is the case."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    HostRefused,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    StreamBroken,
    Unreachable,
)
from fimls.models.hosts import resolve
from fimls.models.openai import OpenAI, OpenAIOptions, connect
from fimls.models.openai_faults import openai_error
from fimls.models.openai_server import OpenAIServer
from fimls.models.protocol import Generation, Piece
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.faults import Fault
from fimls.testing.http_server import HttpServer
from fimls.testing.openai_flavors import Flavor

if TYPE_CHECKING:
    from fimls.testing.http_server import Exchange, HttpRequest

from tests.models.asking_openai import (
    NAME,
    REQUEST,
    model_at,
    pieces_of,
    text_of,
)


@pytest.mark.parametrize(
    ("fault", "said", "error", "words"),
    [
        # In the stream: what came before is passed on.
        (Fault.ERROR, True, ModelFailed, "the model has crashed"),
        (Fault.NO_DONE, True, StreamBroken, "broke off"),
        (Fault.BROKEN_OFF, True, StreamBroken, "broke off"),
        (Fault.RESET, True, StreamBroken, "broke off"),
        (Fault.GARBAGE, True, StreamBroken, "cannot be read"),
        # Instead of an answer.
        (Fault.BUSY, False, ModelBusy, "too many requests, and asks to wait 7 s"),
        (Fault.OUT_OF_MEMORY, False, ModelFailed, "out of memory"),
        (Fault.MISSING, False, ModelMissing, "has no model codellama-7b"),
        (Fault.UNAUTHORIZED, False, ModelRefused, "does not accept the key"),
        (Fault.FORBIDDEN, False, ModelRefused, "does not accept the key"),
        (Fault.BAD_GATEWAY, False, ModelBusy, "is busy"),
        (Fault.SERVER_ERROR, False, ModelFailed, "out of bounds"),
        (Fault.LOADING, False, ModelBusy, "is busy loading its model"),
        (Fault.TOO_LONG, False, ModelRefused, "the prompt is too long for codellama-7b"),
    ],
)
@pytest.mark.parametrize("flavor", Flavor)
async def test_faults(
    fault: Fault, flavor: Flavor, *, said: bool, error: type[ModelError], words: str
) -> None:
    fake = FakeOpenAI(answer=["a", "b", "c", "d"], flavor=flavor, retry_after_s=7)
    async with fake, model_at(fake.url) as model:
        fake.fail_next(fault)
        heard: list[Piece] = []
        with pytest.raises(error, match=words):
            await listen(model, heard)
        assert bool(text_of(heard)) is said
        # The model goes on.
        assert text_of(await pieces_of(model)) == "abcd"


async def listen(model: OpenAI, heard: list[Piece]) -> None:
    async with aclosing(model.generate(REQUEST)) as pieces:
        async for piece in pieces:
            heard += [piece]


@pytest.mark.parametrize("flavor", Flavor)
async def test_a_prompt_that_is_too_long(flavor: Flavor) -> None:
    async with FakeOpenAI(flavor=flavor) as fake, model_at(fake.url) as model:
        with pytest.raises(ModelRefused, match="the prompt is too long for codellama-7b"):
            await pieces_of(model, Generation("x" * 20_000, max_tokens=8))


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        # TGI's words, FastAPI's form.
        (
            422,
            '{"error": "Input validation: `inputs` tokens + `max_new_tokens` must be <= 2048"}',
            ModelRefused,
            "too long",
        ),
        (422, '{"detail": "seed: not permitted"}', ModelRefused, "seed: not permitted"),
        (404, '{"detail": "Not Found"}', ModelRefused, "has no /v1/completions"),
        # llama-server while it loads.
        (503, '{"error": {"code": 503, "message": "Loading model"}}', ModelBusy, "is busy"),
        # A whole page is no message.
        (500, "<html>\n" + "x" * 500, ModelFailed, "^http://h:1 answered with status 500$"),
        (500, "", ModelFailed, "http://h:1 answered with status 500"),
        (418, b"\xff", ModelFailed, "."),
    ],
)
def test_wordings(status: int, body: object, error: type[ModelError], words: str) -> None:
    with pytest.raises(error, match=words):
        raise openai_error(status, body, model="m", host="http://h:1")


async def test_half_of_a_character() -> None:
    async with FakeOpenAI() as fake, model_at(fake.url) as model:
        with pytest.raises(ModelRefused, match="half of a character"):
            await pieces_of(model, Generation("x = \ud83d", max_tokens=8))


@pytest.mark.parametrize("flavor", [Flavor.LM_STUDIO])
async def test_a_name_with_half_of_a_character(flavor: Flavor) -> None:
    async with FakeOpenAI(flavor=flavor) as fake:
        # Its context is asked for at an address with its name; then it is as with any other.
        model = await connect(resolve(fake.url), {}, "a\ud83d", OpenAIOptions())
        with pytest.raises(ModelRefused, match="half of a character"):
            await pieces_of(model)
        await model.close()


async def test_a_server_that_is_not_there() -> None:
    async with FakeOpenAI() as fake:
        url = fake.url
    async with model_at(url) as model:
        with pytest.raises(Unreachable, match=f"nothing answers at {url}"):
            await pieces_of(model)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "hello"),
        # The word "model" in it is that of the route, and none of a model.
        (404, "Cannot GET /v1/models"),
    ],
)
async def test_a_server_that_is_another(status: int, body: str) -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send(status, body)

    async with HttpServer(handle) as web:
        with pytest.raises(ModelRefused, match="has no list of models"):
            await connect(resolve(web.url), {}, NAME, OpenAIOptions())


async def test_what_has_no_name_is_no_model() -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send_json(200, {"data": [1, None, {"id": 7}, {"id": "a"}]})

    async with HttpServer(handle) as web:
        server = OpenAIServer(resolve(web.url), {})
        assert [each.name for each in await server.models()] == ["a"]
        await server.close()


# Where nothing is sent


async def test_no_proxy_and_no_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(request: HttpRequest, exchange: Exchange) -> None:
        place = elsewhere.url.replace("127.0.0.1", "localhost") + request.path
        exchange.send(308, headers={"Location": place})

    async with FakeOpenAI() as elsewhere, HttpServer(handle) as web, model_at(web.url) as model:
        for name in ("http_proxy", "all_proxy"):
            monkeypatch.setenv(name, elsewhere.url)
        with pytest.raises(ModelRefused, match=r"127\.0\.0\.1 redirects to localhost"):
            await pieces_of(model)

    assert elsewhere.seen.calls == []


@pytest.mark.usefixtures("no_connections")
async def test_another_machine_is_refused_before_any_connection() -> None:
    with pytest.raises(HostRefused, match="allowRemote"):
        await connect(resolve("http://192.0.2.1"), {}, NAME, OpenAIOptions())

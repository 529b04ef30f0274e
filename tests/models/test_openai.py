"""Servers with OpenAI's routes, over real HTTP: the request, the stream, its dialects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest

from fimls.errors import (
    ModelRefused,
)
from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.openai import OpenAIOptions, connect
from fimls.models.openai_server import OpenAIServer, Served
from fimls.models.protocol import End, Generation, Piece
from fimls.testing.chunking import CHUNKINGS
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.http_server import HttpServer
from fimls.testing.openai_flavors import Flavor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.chunking import Chunking
    from fimls.testing.http_server import Exchange, Handler, HttpRequest

from tests.models.asking_openai import (
    CHAT,
    NAME,
    REQUEST,
    model_at,
    pieces_of,
    text_of,
)


async def test_the_request() -> None:
    async with FakeOpenAI(answer="1", most_stops=4) as fake, model_at(fake.url) as model:
        await pieces_of(model)

    assert fake.requests[0].path == "/v1/completions"
    assert fake.requests[0].body == {
        "model": NAME,
        "prompt": REQUEST.prompt,
        "max_tokens": 64,
        "temperature": 0.0,
        "seed": 42,
        "stream": True,
        # More are refused by some.
        "stop": [" <EOT>", "<EOT>", " <PRE>", " <SUF>"],
    }


async def test_a_chat() -> None:
    async with FakeOpenAI(answer="Because.") as fake, model_at(fake.url) as model:
        said = [piece async for piece in model.chat(CHAT)]

    assert (text_of(said), said[-1].end) == ("Because.", End.STOP)
    assert fake.requests[0].path == "/v1/chat/completions"
    assert fake.requests[0].body["messages"] == [{"role": "user", "content": "Why?"}]
    assert "stop" not in fake.requests[0].body


async def test_fields_of_a_server_s_own() -> None:
    def extra(request: Generation) -> Mapping[str, object]:
        return {"cache_prompt": True, "grammar": f'root ::= "{request.force}" .*'}

    async with FakeOpenAI(answer="1") as fake, model_at(fake.url, extra=extra) as model:
        await pieces_of(model, Generation("x", max_tokens=8, force=" = "))

    assert fake.requests[0].body["cache_prompt"] is True
    assert fake.requests[0].body["grammar"] == 'root ::= " = " .*'


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
async def test_both_forms_of_a_base_url(path: str) -> None:
    async with FakeOpenAI(answer="1") as fake, model_at(fake.url + path) as model:
        assert text_of(await pieces_of(model)) == "1"


async def test_the_key_is_sent_and_never_told() -> None:
    headers = {"Authorization": "Bearer my-key"}
    async with FakeOpenAI(answer="1", api_key="my-key") as fake:
        async with model_at(fake.url, headers=headers) as model:
            assert text_of(await pieces_of(model)) == "1"
        async with model_at(fake.url, headers={"Authorization": "Bearer other"}) as model:
            with pytest.raises(ModelRefused, match="set `Authorization` in `headers`") as raised:
                await model.warm_up()

    assert "other" not in str(raised.value)


async def test_ollama_s_key_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "my-key")
    async with FakeOpenAI(answer="1") as fake, model_at(fake.url) as model:
        await pieces_of(model)

    assert "authorization" not in fake.seen.calls[0].headers


# The stream


@pytest.mark.parametrize("chunking", CHUNKINGS.values(), ids=CHUNKINGS.keys())
async def test_however_the_stream_is_torn(chunking: Chunking) -> None:
    # All that some reader or other takes for a line end, and characters of two to four bytes.
    said = "grün = '€ 😀'\n\x0b\x0c\x85\u2028\u2029\treturn x\n"
    async with FakeOpenAI(answer=said, chunking=chunking) as fake, model_at(fake.url) as model:
        pieces = await pieces_of(model)

    assert text_of(pieces) == said
    assert [piece.end for piece in pieces if piece.end] == [End.STOP]


async def test_an_answer_that_is_too_long_says_so() -> None:
    async with FakeOpenAI(answer="x" * 400) as fake, model_at(fake.url) as model:
        pieces = await pieces_of(model, Generation("x", max_tokens=4))

    assert pieces[-1].end is End.LENGTH


@pytest.mark.parametrize("flavor", Flavor)
async def test_probabilities(flavor: Flavor) -> None:
    said = "return a + b"
    fake = FakeOpenAI(answer=said, flavor=flavor)
    async with fake, model_at(fake.url, extra=lambda _request: {"logprobs": 1}) as model:
        pieces = await pieces_of(model)

    # The double has a token for each four characters.
    assert [logprob for piece in pieces for logprob in piece.logprobs] == [-0.1] * 3


async def test_a_stream_that_is_closed_frees_the_model() -> None:
    async with FakeOpenAI(answer="x" * 400) as fake, model_at(fake.url) as model:
        stream = model.generate(REQUEST)
        await anext(stream)
        await stream.aclose()
        assert text_of(await pieces_of(model, Generation("x", max_tokens=1))) == "xxxx"

    assert fake.cancelled == 1
    assert fake.seen.most_at_once == 1


def canned(*lines: str) -> Handler:
    """A server that answers with these lines, whatever it is asked."""

    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.start("text/event-stream")
        await exchange.write("".join(lines).encode())
        await exchange.finish()

    return handle


def chunk(text: str, reason: str | None = None, **more: object) -> str:
    return json.dumps({"choices": [{"text": text, "finish_reason": reason, **more}]})


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Without the blank after the colon; comments keep a slow connection alive.
        ((": ping\n\n", f"data:{chunk('x')}\n\n", f"data:{chunk('', 'stop')}\n\n"), "x"),
        # CRLF and CR end lines too.
        ((f"data: {chunk('x')}\r\n\r\n", f"data: {chunk('y', 'stop')}\r\r"), "xy"),
        # Other fields mean nothing here.
        (("event: x\nid: 1\nretry: 5\n", f"data: {chunk('x', 'stop')}\n\n"), "x"),
        # The end of the list is an end, where no reason was given.
        ((f"data: {chunk('x')}\n\n", "data: [DONE]\n\n"), "x"),
        # TGI's own word for a stop, and a last line without its end.
        ((f"data: {chunk('x', 'eos_token')}",), "x"),
        # Usage has no choice; an empty `data` is nothing.
        (('data: {"choices":[]}\n\n', "data:\n\n", f"data: {chunk('x', 'stop')}\n\n"), "x"),
        # What has the wrong type is as if absent.
        ((f"data: {chunk('x', 'stop', logprobs=[1])}\n\n",), "x"),
    ],
)
async def test_dialects_of_streams(lines: tuple[str, ...], expected: str) -> None:
    async with HttpServer(canned(*lines)) as web, model_at(web.url) as model:
        pieces = await pieces_of(model)

    assert (text_of(pieces), pieces[-1].end) == (expected, End.STOP)


async def test_probabilities_beside_the_choices() -> None:
    row = json.dumps(
        {
            "choices": [{"text": "x", "finish_reason": "stop"}],
            "completion_probabilities": [{"token": "x", "logprob": -0.5}],
        }
    )
    async with HttpServer(canned(f"data: {row}\n\n")) as web, model_at(web.url) as model:
        assert await pieces_of(model) == [Piece("x", (-0.5,), End.STOP)]


# What the server tells


async def test_models() -> None:
    async with FakeOpenAI(models=["a", "b"]) as fake:
        server = OpenAIServer(resolve(fake.url), {})
        assert await server.models() == (Served("a", 0, "openai"), Served("b", 0, "openai"))
        await server.close()


def listing(**entry: object) -> Handler:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send_json(200, {"data": [entry]})

    return handle


@pytest.mark.parametrize(
    ("entry", "setting", "tokens", "can_force", "saves_prompts"),
    [
        # llama-server names its file, whatever it is asked for.
        (
            {"id": "/models/x.gguf", "owned_by": "llamacpp", "meta": {"n_ctx": 2048}},
            "auto",
            2048,
            True,
            True,
        ),
        ({"id": NAME, "owned_by": "vllm", "max_model_len": 16_384}, "auto", 16_384, False, True),
        ({"id": NAME, "owned_by": "vllm", "max_model_len": 16_384}, 8192, 8192, False, True),
        # A server that tells nothing.
        ({"id": NAME}, "auto", 4096, False, False),
    ],
)
async def test_capabilities(
    entry: dict[str, object],
    setting: int | Literal["auto"],
    tokens: int,
    *,
    can_force: bool,
    saves_prompts: bool,
) -> None:
    async with HttpServer(listing(**entry)) as web:
        options = OpenAIOptions(context_length=setting)
        model = await connect(resolve(web.url), {}, NAME, options)
        await model.close()

    found = model.capabilities
    assert found.family is FAMILIES["codellama"]
    assert (found.context_tokens, found.can_force) == (tokens, can_force)
    assert found.saves_prompts is saves_prompts


async def test_warming_up_asks_for_one_token() -> None:
    async with FakeOpenAI(answer="1") as fake, model_at(fake.url) as model:
        await model.warm_up()

    assert fake.requests[0].max_tokens == 1

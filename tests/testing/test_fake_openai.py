"""The fake of OpenAI's protocol: events, logprobs, refusals in the servers' words, faults."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fimls.testing.chunking import CHUNKINGS
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.faults import Fault
from fimls.testing.openai_flavors import Flavor
from fimls.testing.runner import Pace
from tests.testing.conftest import client, get, post

if TYPE_CHECKING:
    from tests.testing.conftest import Body

COMPLETIONS, CHAT = "/v1/completions", "/v1/chat/completions"
LEGACY = {"tokens", "token_logprobs", "top_logprobs", "text_offset"}


def asking(prompt: str = "a = ", **fields: object) -> Body:
    return {"model": "codellama-7b", "prompt": prompt, "stream": True, **fields}


def chatting(content: str, **fields: object) -> Body:
    messages = [{"role": "user", "content": content}]
    return {"model": "codellama-7b", "messages": messages, "stream": True, **fields}


def told(response: httpx.Response) -> list[Any]:
    """The events, `[DONE]` as None."""
    assert response.headers["content-type"] == "text/event-stream"
    parts = [part.removeprefix("data: ") for part in response.text.split("\n\n") if part]
    return [None if part == "[DONE]" else json.loads(part) for part in parts]


def said(events: list[Any]) -> str:
    return "".join(event["choices"][0]["text"] for event in events if event and event["choices"])


@pytest.mark.parametrize("chunking", CHUNKINGS)
async def test_completions(chunking: str) -> None:
    async with FakeOpenAI(answer="größe = 😀", chunking=CHUNKINGS[chunking]) as fake:
        events = told(await post(fake.url, COMPLETIONS, asking()))
        assert fake.prompts == ["a = "]
    assert said(events) == "größe = 😀"
    assert (events[-1], events[-2]["choices"][0]["finish_reason"]) == (None, "stop")
    assert events[0]["object"] == "text_completion"


@pytest.mark.parametrize(
    ("fields", "text", "reason"),
    [
        # A stop string, alone or in a list; it is left out.
        ({"stop": "two"}, "one ", "stop"),
        ({"stop": ["three", "two"]}, "one ", "stop"),
        ({"max_tokens": 1}, "one ", "length"),
        ({"max_completion_tokens": 2}, "one two ", "length"),
        ({}, "one two three", "stop"),
    ],
)
async def test_ends(fields: Body, text: str, reason: str) -> None:
    async with FakeOpenAI(answer="one two three") as fake:
        events = told(await post(fake.url, COMPLETIONS, asking(**fields)))
        whole = (await post(fake.url, COMPLETIONS, asking(**{**fields, "stream": False}))).json()
    assert (said(events), events[-2]["choices"][0]["finish_reason"]) == (text, reason)
    assert (whole["choices"][0]["text"], whole["choices"][0]["finish_reason"]) == (text, reason)


async def test_chat() -> None:
    async with FakeOpenAI(answer=lambda request: request.prompt) as fake:
        events = told(await post(fake.url, CHAT, chatting("hello")))
        whole = (await post(fake.url, CHAT, chatting("hello", stream=False))).json()
    deltas = [event["choices"][0]["delta"] for event in events if event]
    assert deltas[0]["role"] == "assistant"
    assert "".join(delta["content"] for delta in deltas) == "hello"
    assert whole["choices"][0]["message"] == {"role": "assistant", "content": "hello"}


async def test_usage() -> None:
    body = asking("12345678", stream_options={"include_usage": True})
    async with FakeOpenAI(answer="1234") as fake:
        events = told(await post(fake.url, COMPLETIONS, body))
    assert events[-2]["choices"] == []
    assert events[-2]["usage"] == {
        "prompt_tokens": 2,
        "completion_tokens": 1,
        "total_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 0},
    }


async def test_what_llama_server_read() -> None:
    # A marker is one token, with the blank before it.
    prompt = "<PRE> 1234 <SUF>1234"
    async with FakeOpenAI(answer="1234", flavor=Flavor.LLAMA_SERVER) as fake:
        first = told(await post(fake.url, COMPLETIONS, asking(prompt)))[-2]
        again = told(await post(fake.url, COMPLETIONS, asking(prompt + "5678")))[-2]
    assert first["timings"] == {"cache_n": 0, "prompt_n": 5, "predicted_n": 1}
    assert first["usage"]["prompt_tokens"] == 5
    assert again["timings"]["cache_n"] >= 5


@pytest.mark.parametrize(
    ("flavor", "path", "logprobs", "names"),
    [
        (Flavor.OPENAI, COMPLETIONS, 1, LEGACY),
        # llama-server tells them as in a chat.
        (Flavor.LLAMA_SERVER, COMPLETIONS, 1, {"content"}),
        (Flavor.OPENAI, CHAT, True, {"content"}),
    ],
)
async def test_logprobs(flavor: Flavor, path: str, logprobs: object, names: set[str]) -> None:
    body = {**asking(logprobs=logprobs), **chatting("a")}
    async with FakeOpenAI(answer="1", flavor=flavor) as fake:
        events = told(await post(fake.url, path, body))
    assert set(events[0]["choices"][0]["logprobs"]) == names


@pytest.mark.parametrize(
    ("flavor", "status", "words"),
    [
        (Flavor.OPENAI, 400, "This model's maximum context length is 64 tokens"),
        (Flavor.LLAMA_SERVER, 400, "request (100 tokens) exceeds the available context size (64"),
        (Flavor.LM_STUDIO, 400, "loaded with context length of only 64 tokens"),
        (Flavor.VLLM, 400, "This model's maximum context length is 64 tokens"),
        (Flavor.SGLANG, 400, "is longer than the model's context length (64 tokens)"),
        (Flavor.TGI, 422, "must be <= 64"),
    ],
)
async def test_too_long(flavor: Flavor, status: int, words: str) -> None:
    async with FakeOpenAI(flavor=flavor, context_tokens=64) as fake:
        response = await post(fake.url, COMPLETIONS, asking("x" * 400))
    assert response.status_code == status
    error = response.json().get("error", response.json())
    assert words in (error if isinstance(error, str) else error["message"])


@pytest.mark.parametrize(
    ("flavor", "status"),
    [
        (Flavor.OPENAI, 404),
        # It has one model, and does not look at the name.
        (Flavor.LLAMA_SERVER, 200),
        (Flavor.TGI, 200),
        (Flavor.VLLM, 404),
    ],
)
async def test_an_unknown_model(flavor: Flavor, status: int) -> None:
    async with FakeOpenAI(answer="1", flavor=flavor) as fake:
        response = await post(fake.url, COMPLETIONS, asking(model="none"))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("flavor", "most_stops", "status"),
    [
        # As many as a test says, or else as the kind of server takes.
        (Flavor.LLAMA_SERVER, 4, 400),
        (Flavor.LLAMA_SERVER, None, 200),
        (Flavor.OPENAI, None, 400),
        (Flavor.TGI, None, 422),
        (Flavor.VLLM, None, 200),
    ],
)
async def test_too_many_stops(flavor: Flavor, most_stops: int | None, status: int) -> None:
    async with FakeOpenAI(answer="1", flavor=flavor, most_stops=most_stops) as fake:
        assert (await post(fake.url, COMPLETIONS, asking(stop=list("abcd")))).status_code == 200
        response = await post(fake.url, COMPLETIONS, asking(stop=list("abcde")))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("flavor", "owner", "path", "told"),
    [
        (Flavor.LLAMA_SERVER, "llamacpp", "/props", {"model_path": "x.gguf", "total_slots": 1}),
        (Flavor.LM_STUDIO, "organization_owner", "/api/v0/models/m", {"state": "loaded"}),
        (Flavor.TGI, "m", "/info", {"max_total_tokens": 512}),
        (Flavor.KOBOLDCPP, "koboldcpp", "/api/extra/true_max_context_length", {"value": 512}),
    ],
)
async def test_what_it_tells_of_itself(
    flavor: Flavor, owner: str, path: str, told: dict[str, object]
) -> None:
    async with FakeOpenAI(["m"], flavor=flavor, context_tokens=512, path="x.gguf") as fake:
        listed = (await get(fake.url, "/v1/models")).json()["data"]
        found = (await get(fake.url, path)).json()
    assert listed[0]["owned_by"] == owner
    assert found.items() >= told.items()


async def test_ollama_s_front_page() -> None:
    async with FakeOpenAI(flavor=Flavor.OLLAMA) as fake:
        assert (await get(fake.url, "/")).text == "Ollama is running"


async def test_tokens() -> None:
    body = {"content": "<PRE> a <SUF>", "with_pieces": True}
    async with FakeOpenAI(flavor=Flavor.LLAMA_SERVER) as fake:
        tokens = (await post(fake.url, "/tokenize", body)).json()["tokens"]
        assert (await post(fake.url, "/tokenize", {"content": "x"})).json() == {"tokens": [0]}
    assert [token["piece"] for token in tokens] == ["<PRE>", " a", " <SUF>"]


async def test_the_key() -> None:
    async with FakeOpenAI(answer="1", api_key="k") as fake, client(fake.url) as http:
        assert (await http.get("/v1/models")).status_code == 401
        response = await http.get("/v1/models", headers={"Authorization": "Bearer k"})
    assert [model["id"] for model in response.json()["data"]] == ["codellama-7b"]


async def test_other_paths() -> None:
    async with FakeOpenAI() as fake:
        assert (await get(fake.url, "/v1/none")).status_code == 404
        assert (await get(fake.url, "/health")).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.BUSY, 429),
        (Fault.OUT_OF_MEMORY, 500),
        (Fault.DIED, 500),
        (Fault.MISSING, 404),
        (Fault.UNAUTHORIZED, 401),
        (Fault.FORBIDDEN, 403),
        (Fault.BAD_GATEWAY, 502),
        # Before anything was said, an error has a status of its own.
        (Fault.ERROR, 500),
    ],
)
async def test_refusals_on_demand(fault: Fault, status: int) -> None:
    async with FakeOpenAI(answer="1", retry_after_s=7) as fake:
        fake.fail_next(fault, after=0)
        response = await post(fake.url, COMPLETIONS, asking())
        assert response.status_code == status
        assert response.headers.get("retry-after") == ("7" if status == 429 else None)
        assert said(told(await post(fake.url, COMPLETIONS, asking()))) == "1"


async def test_faults_in_the_stream() -> None:
    async with FakeOpenAI(answer="12345678abcd") as fake:
        fake.fail_next(Fault.NO_DONE)
        assert said(told(await post(fake.url, COMPLETIONS, asking()))) == "12345678"
        fake.fail_next(Fault.ERROR)
        assert "error" in told(await post(fake.url, COMPLETIONS, asking()))[-1]
        fake.fail_next(Fault.BROKEN_OFF)
        with pytest.raises(httpx.RemoteProtocolError):
            await post(fake.url, COMPLETIONS, asking())
        fake.fail_next(Fault.GARBAGE)
        with pytest.raises(json.JSONDecodeError):
            told(await post(fake.url, COMPLETIONS, asking()))


async def test_hanging_and_leaving() -> None:
    async with FakeOpenAI(answer="1") as fake:
        fake.fail_next(Fault.HANG)
        task = asyncio.ensure_future(post(fake.url, COMPLETIONS, asking()))
        await fake.seen.until(lambda: len(fake.seen.served) == 1)
        task.cancel()
        await fake.seen.until(lambda: fake.cancelled == 1)


@pytest.mark.parametrize(("slots", "seconds"), [(1, 8.0), (2, 4.0)])
async def test_answers_at_once(slots: int, seconds: float) -> None:
    clock, pace = VirtualClock(), Pace(write_tokens_per_s=1.0)
    async with FakeOpenAI(answer="x" * 16, clock=clock, pace=pace, slots=slots) as fake:
        both = [post(fake.url, COMPLETIONS, asking(prompt)) for prompt in "ab"]
        await clock.drive(asyncio.gather(*both))
        assert fake.seen.most_at_once == 2
    assert clock.now() == seconds

"""A real llama-server as `openai`: by itself, and behind a whole language server."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fimls.errors import ModelRefused, PromptTooLong
from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.openai import OpenAI, OpenAIOptions, connect
from fimls.models.openai_dialects import LLAMA_SERVER
from fimls.models.openai_probing import OpenAIProber, vocabulary
from fimls.models.openai_server import OpenAIServer
from fimls.models.protocol import Chat, End, Generation, Message
from tests.e2e.llama_server import CONTEXT_TOKENS, LlamaServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from fimls.testing.lsp_client import LspClient
    from tests.e2e.conftest import Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    return"

# A request that comes after a cancelled one has its first token within this time (issue 3).
NEXT_TOKEN_S = 1.0

_TRIES = 4

# How long it may take until a server that is back is noticed (contract §2: a look every 10 s).
RECOVERY_S = 12.0

# 983 tokens, whose reading takes some seconds here.
LONG = "".join(f"value_{n} = compute({n}, other={n * 7})\n" for n in range(60))


@pytest.fixture(scope="module")
def llama(embedded_model: Path) -> Iterator[LlamaServer]:
    """One that asks for a key."""
    with LlamaServer(embedded_model, key="k3y") as server:
        yield server


@asynccontextmanager
async def connected(llama: LlamaServer, name: str = "any") -> AsyncIterator[OpenAI]:
    model = await connect(resolve(llama.url), llama.headers, name, OpenAIOptions())
    try:
        yield model
    finally:
        await model.close()


async def first_token_s(model: OpenAI, prompt: str = "x =") -> float:
    """How long a small request waits for its first token."""
    asked_at = time.perf_counter()
    async with aclosing(model.generate(Generation(prompt, max_tokens=1))) as pieces:
        await anext(pieces)
    return time.perf_counter() - asked_at


async def test_what_it_tells_of_its_model(llama: LlamaServer) -> None:
    server = OpenAIServer(resolve(llama.url), llama.headers)
    [served] = await server.models()
    await server.close()
    async with connected(llama) as model:
        found = model.capabilities

    assert (served.name, served.owner) == (str(llama.model), "llamacpp")
    assert (served.context_tokens, served.server) == (CONTEXT_TOKENS, "llama.cpp")
    # It has no markers to fill in the middle with.
    assert (found.family, found.context_tokens) == (None, CONTEXT_TOKENS)
    assert found.can_force
    assert found.saves_prompts


async def test_a_completion_comes_in_pieces(llama: LlamaServer) -> None:
    request = Generation(TEXT, max_tokens=4)
    async with connected(llama) as model, aclosing(model.generate(request)) as stream:
        pieces = [piece async for piece in stream]

    assert "".join(piece.text for piece in pieces).startswith(" a + b")
    assert len(pieces) > 3
    assert pieces[-1].end is End.LENGTH


async def test_more_stop_strings_than_four(llama: LlamaServer) -> None:
    request = Generation(TEXT, max_tokens=6, stop=("1", "2", "3", "4", "5", " + b"))
    async with connected(llama) as model, aclosing(model.generate(request)) as stream:
        pieces = [piece async for piece in stream]

    assert "".join(piece.text for piece in pieces) == " a"
    assert pieces[-1].end is End.STOP


async def test_a_chat(llama: LlamaServer) -> None:
    chat = Chat((Message("user", "Say hello."),), max_tokens=8)
    async with connected(llama) as model, aclosing(model.chat(chat)) as stream:
        pieces = [piece async for piece in stream]

    assert "".join(piece.text for piece in pieces)
    assert pieces[-1].end is not None


async def test_a_beginning_is_forced(llama: LlamaServer) -> None:
    request = Generation(TEXT, max_tokens=8, force=" max(")
    async with connected(llama) as model, aclosing(model.generate(request)) as stream:
        text = "".join([piece.text async for piece in stream])

    assert text.startswith(" max(")


async def test_what_its_tokenizer_tells(llama: LlamaServer) -> None:
    server = OpenAIServer(resolve(llama.url), llama.headers)
    markers = await vocabulary(server, LLAMA_SERVER)
    prober = OpenAIProber(server, LLAMA_SERVER, "any")
    tokens = [await prober.prompt_tokens(text) for text in ("<file_sep>a", "<fim_prefix>a")]
    said = await prober.said("def add(a, b):\n    return", ("\n",), 8)
    await server.close()

    # It has StarCoder's tokens for files, and none to fill in the middle.
    assert "<file_sep>" in markers
    assert markers.isdisjoint(FAMILIES["starcoder2"].fim_markers)
    assert tokens == [2, 7]
    assert said == " a + b"


async def test_a_prompt_that_is_too_long(llama: LlamaServer) -> None:
    async with connected(llama) as model:
        with pytest.raises(PromptTooLong):
            await first_token_s(model, LONG * 3)


async def test_requests_one_upon_the_other(llama: LlamaServer) -> None:
    # On kept connections every fifth of them broke.
    async with connected(llama) as model:
        for n in range(12):
            await first_token_s(model, f"x = {n}")


async def test_the_prefix_is_read_once(llama: LlamaServer) -> None:
    text = LONG[:400]
    async with connected(llama) as model:
        await first_token_s(model, text)
    body = {"prompt": f"{text}total", "max_tokens": 1, "stream": True}
    async with httpx.AsyncClient(headers=llama.headers, trust_env=False) as client:
        answer = await client.post(f"{llama.url}/v1/completions", json=body, timeout=20)
    last = [line for line in answer.text.split("\n\n") if '"timings"' in line][-1]
    timings = json.loads(last.removeprefix("data: "))["timings"]

    assert timings["prompt_n"] <= 8
    assert timings["cache_n"] > 100


async def test_an_answer_that_is_not_wanted_any_more(llama: LlamaServer) -> None:
    async with connected(llama) as model:
        stream = model.generate(Generation("def quick_sort(items):\n", max_tokens=400))
        for _ in range(3):
            await anext(stream)
        await stream.aclose()
        assert await first_token_s(model) < NEXT_TOKEN_S


async def test_a_prompt_that_is_not_wanted_any_more(llama: LlamaServer) -> None:
    # The server looks once a second, and between two batches, whether its client is still there;
    # a machine with other work to do reads slowly, and one of a few tries has to do.
    async with connected(llama) as model:
        limit_s = max(NEXT_TOKEN_S, 3 * await first_token_s(model, f"# short\n{LONG[:100]}"))
        for n in range(_TRIES):
            if (wait_s := await wait_after_reading_s(model, f"# {n}\n{LONG}")) < limit_s:
                break

    assert wait_s < limit_s


async def wait_after_reading_s(model: OpenAI, prompt: str) -> float:
    """How long a request waits that comes after one whose prompt was being read."""
    reading = asyncio.ensure_future(first_token_s(model, prompt))
    # It is far from its end by then.
    await asyncio.wait([reading], timeout=0.7)
    assert not reading.done()
    reading.cancel()
    await asyncio.wait([reading])
    return await first_token_s(model)


@pytest.mark.parametrize("key", ["", "wrong"])
async def test_a_key_that_is_not_accepted(llama: LlamaServer, key: str) -> None:
    other = LlamaServer(llama.model, llama.port, key)
    with pytest.raises(ModelRefused, match="`headers`") as raised:
        async with connected(other) as model:
            await model.warm_up()

    assert "wrong" not in str(raised.value)


# Behind a whole language server


def using(llama: LlamaServer) -> dict[str, str]:
    """The environment of a language server that uses it."""
    headers = {"FIMLS_HEADERS": json.dumps(llama.headers)} if llama.key else {}
    return {"FIMLS_BACKEND": "openai", "FIMLS_HOST": llama.url, **headers}


async def begin(client: LspClient, state: str) -> Any:
    await client.initialize("file:///project")
    return await client.wait_for("fimls/status", lambda status: status["state"] == state)


async def shown(client: LspClient, text: str) -> list[str]:
    """What is offered at the end of a text, as soon as there is something."""
    client.documents.get(URI) or client.open(URI, "python", "")
    client.change(URI, text)
    async with asyncio.timeout(RECOVERY_S):
        while not (items := await client.inline_completion(URI, len(text), explicit=True)):
            pass
    return [item["insertText"] for item in items]


async def test_completions_in_an_editor(start: Start, llama: LlamaServer) -> None:
    async with start(**using(llama)) as served:
        status = await begin(served.client, "ready")
        assert await shown(served.client, TEXT) == [" a + b"]

    assert status["model"] == str(llama.model)
    assert (status["backend"], status["host"], status["local"]) == ("openai", llama.url, True)


async def test_a_wrong_key_in_an_editor(start: Start, llama: LlamaServer) -> None:
    wrong = LlamaServer(llama.model, llama.port, "wrong")
    async with start(**using(wrong)) as served:
        status = await begin(served.client, "error")

    assert "headers" in status["fix"]
    assert "wrong" not in json.dumps(status)


async def test_a_server_that_dies_and_comes_back(start: Start, embedded_model: Path) -> None:
    with LlamaServer(embedded_model) as first:
        async with start(**using(first)) as served:
            await begin(served.client, "ready")
            assert await shown(served.client, TEXT) == [" a + b"]
            first.__exit__(None, None, None)
            served.client.change(URI, f"# gone\n{TEXT}")
            assert await served.client.inline_completion(URI, len(TEXT), explicit=True) == []
            await served.client.wait_for(
                "fimls/status", lambda status: status["state"] == "offline"
            )
            with LlamaServer(embedded_model, first.port):
                assert await shown(served.client, f"# back\n{TEXT}")

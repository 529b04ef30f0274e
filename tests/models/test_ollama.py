"""Ollama, over real HTTP: the request, the stream, what becomes of connections."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    StreamBroken,
)
from fimls.models.hosts import resolve
from fimls.models.ollama import Ollama
from fimls.models.ollama_server import OllamaServer
from fimls.models.protocol import End, Generation
from fimls.testing.chunking import CHUNKINGS
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.models.hosts import Host
    from fimls.testing.chunking import Chunking

from tests.models.asking_ollama import (
    CAPABILITIES,
    CHAT,
    CODE_LLAMA,
    PROMPT,
    REQUEST,
    STOPS,
    ollama,
    pieces_of,
    text_of,
)


async def test_the_request_is_the_one_that_was_measured() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await pieces_of(model)

    # `ollama.md` §5.1.
    assert fake.requests[-1].body == {
        "model": CODE_LLAMA,
        "prompt": PROMPT,
        "raw": True,
        "stream": True,
        "think": False,
        "keep_alive": "30m",
        "options": {
            "num_predict": 64,
            "temperature": 0.0,
            "top_p": 0.9,
            "top_k": 40,
            "seed": 42,
            "repeat_penalty": 1.0,
            "num_ctx": 4096,
            "stop": [" <EOT>", "<EOT>", " <PRE>", " <SUF>", " <MID>"],
        },
    }


async def test_the_prompt_arrives_as_it_is() -> None:
    prompt = "<PRE> s = 'grün 😀\u2028\t'▁<SUF>)\n <MID>"
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await pieces_of(model, Generation(prompt, max_tokens=8, stop=STOPS))

    assert fake.prompts == [prompt]


async def test_no_limit_is_never_asked_for() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await pieces_of(model, Generation(PROMPT, max_tokens=0))

    assert fake.requests[-1].options["num_predict"] == 1


async def test_a_chat_keeps_the_stops_of_the_model() -> None:
    name = "codellama:7b-instruct"
    async with FakeOllama(models=[name], answer="Because.") as fake, ollama(fake, name) as model:
        assert model.capabilities.can_chat
        said = [piece async for piece in model.chat(CHAT)]

    body = fake.requests[-1].body
    assert text_of(said).startswith("Because.")
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why?"},
    ]
    assert "stop" not in body["options"]


# The stream


@pytest.mark.parametrize("chunking", CHUNKINGS.values(), ids=CHUNKINGS.keys())
async def test_however_the_stream_is_torn(chunking: Chunking) -> None:
    # All that some reader or other takes for a line end, and characters of two to four bytes.
    said = "grün = '€ 😀'\n\x0b\x0c\x85\u2028\u2029\treturn x\n"
    async with FakeOllama(answer=said, chunking=chunking) as fake, ollama(fake) as model:
        pieces = await pieces_of(model)

    assert text_of(pieces) == said
    assert [piece.end for piece in pieces if piece.end] == [End.STOP]
    assert pieces[-1].end is End.STOP


async def test_an_answer_that_is_too_long_says_so() -> None:
    async with FakeOllama(answer="x" * 400) as fake, ollama(fake) as model:
        pieces = await pieces_of(model, Generation(PROMPT, max_tokens=4, stop=STOPS))

    assert pieces[-1].end is End.LENGTH


# Connections


class Door:
    """A server that answers with canned lines and notes who comes and goes, in order."""

    def __init__(self, *lines: str, ends: bool = True) -> None:
        self.events: list[str] = []
        self.asked = asyncio.Event()
        self.host: Host = resolve("")
        self._body = "".join(f"{line}\n" for line in lines).encode()
        self._ends = ends
        self._meetings: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Door:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1")
        self.host = resolve(f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._meetings)

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.events.append("came")
        self._meetings.add(asyncio.ensure_future(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            self.events.append("asked")
            self.asked.set()
            await reader.readexactly(int(head["content-length"]))
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            writer.write(f"{len(self._body):x}\r\n".encode() + self._body + b"\r\n")
            if self._ends:
                writer.write(b"0\r\n\r\n")
        self.events.append("went")
        writer.close()
        await writer.wait_closed()

    async def _head(self, reader: asyncio.StreamReader) -> dict[str, str]:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().splitlines()[1:]
        except (asyncio.IncompleteReadError, ConnectionError):
            return {}
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@asynccontextmanager
async def alive(door: Door) -> AsyncIterator[Ollama]:
    """A model that is known to be loaded, so that nothing but the request is sent."""
    model = Ollama(OllamaServer(door.host, {}), CODE_LLAMA, CAPABILITIES, clock=VirtualClock())
    model._alive_at = 0.0
    try:
        yield model
    finally:
        await model.close()


def line(text: str, **more: object) -> str:
    return json.dumps({"model": CODE_LLAMA, "response": text, "done": False, **more})


DONE = line("", done=True, done_reason="stop")


async def test_a_whole_answer_leaves_its_connection_for_the_next() -> None:
    async with Door(line("x"), DONE) as door, alive(door) as model:
        for _ in range(3):
            assert text_of(await pieces_of(model)) == "x"

    assert door.events[:4] == ["came", "asked", "asked", "asked"]


async def test_a_stream_that_is_closed_has_gone_when_the_next_comes() -> None:
    async with Door(line("x"), line("y"), ends=False) as door, alive(door) as model:
        for _ in range(2):
            stream = model.generate(REQUEST)
            assert (await anext(stream)).text == "x"
            await stream.aclose()

    assert door.events[:4] == ["came", "asked", "went", "came"]


async def test_a_request_that_is_cancelled_before_its_first_token_has_gone_too() -> None:
    async with Door(ends=False) as door, alive(door) as model:
        for _ in range(2):
            asking = asyncio.ensure_future(pieces_of(model))
            await door.asked.wait()
            door.asked.clear()
            asking.cancel()
            await asyncio.wait([asking])
            assert asking.cancelled()

    assert door.events[:4] == ["came", "asked", "went", "came"]


async def test_a_closed_model_is_not_asked() -> None:
    async with Door(DONE) as door:
        async with alive(door) as model:
            pass
        with pytest.raises(StreamBroken, match="has been closed"):
            await pieces_of(model)

    assert door.events == []

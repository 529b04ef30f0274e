"""A model behind the fake Ollama, and what tests of it ask for."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.ollama import Ollama, OllamaOptions, connect
from fimls.models.ollama_server import OllamaServer
from fimls.models.protocol import Capabilities, Chat, Generation, Message, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.models.remembered import Remembered
    from fimls.testing.clock import VirtualClock
    from fimls.testing.fake_ollama import FakeOllama

CODE_LLAMA = "codellama:7b-code"
PROMPT = "<PRE> x =  <SUF>\n <MID>"
STOPS = FAMILIES["codellama"].stops
REQUEST = Generation(PROMPT, max_tokens=64, stop=STOPS)
CAPABILITIES = Capabilities(family=FAMILIES["codellama"], context_tokens=4096)
CHAT = Chat((Message("system", "Be brief."), Message("user", "Why?")), max_tokens=32)


@asynccontextmanager
async def ollama(
    fake: FakeOllama,
    name: str = CODE_LLAMA,
    options: OllamaOptions | None = None,
    clock: VirtualClock | None = None,
    remembered: Remembered | None = None,
) -> AsyncIterator[Ollama]:
    server = OllamaServer(resolve(fake.url), {})
    try:
        model = await connect(
            server, name, options or OllamaOptions(), clock=clock, remembered=remembered
        )
    except BaseException:
        await server.close()
        raise
    # From here on the server is the model's, which may need it for longer than anybody waits.
    try:
        yield model
    finally:
        await model.close()


@asynccontextmanager
async def server_at(url: str) -> AsyncIterator[OllamaServer]:
    server = OllamaServer(resolve(url), {})
    try:
        yield server
    finally:
        await server.close()


async def pieces_of(model: Ollama, request: Generation = REQUEST) -> list[Piece]:
    async with aclosing(model.generate(request)) as pieces:
        return [piece async for piece in pieces]


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)

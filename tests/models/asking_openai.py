"""A model behind a server with OpenAI's routes, and what tests of it ask for."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.openai import OpenAI
from fimls.models.protocol import Capabilities, Chat, Generation, Message, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping


NAME = "codellama-7b"
STOPS = FAMILIES["codellama"].stops
REQUEST = Generation("<PRE> x =  <SUF> <MID>", max_tokens=64, stop=STOPS)
CHAT = Chat((Message("user", "Why?"),), max_tokens=32)
CAPABILITIES = Capabilities(family=FAMILIES["codellama"], context_tokens=4096)


@asynccontextmanager
async def model_at(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    extra: Callable[[Generation], Mapping[str, object]] = lambda _request: {},
) -> AsyncIterator[OpenAI]:
    model = OpenAI(
        resolve(url), NAME, headers=headers or {}, capabilities=CAPABILITIES, extra=extra
    )
    try:
        yield model
    finally:
        await model.close()


async def pieces_of(model: OpenAI, request: Generation = REQUEST) -> list[Piece]:
    async with aclosing(model.generate(request)) as pieces:
        return [piece async for piece in pieces]


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)

"""Short questions: asked again where a connection breaks, and answered in time or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fimls.errors import ModelRefused, Unreachable
from fimls.models import http, questions
from fimls.models.hosts import resolve
from fimls.models.trouble import Condition
from fimls.testing.http_server import HttpServer, tells

if TYPE_CHECKING:
    from fimls.testing.http_server import Exchange, Handler, HttpRequest

# All of it takes milliseconds; what waits longer waits for an answer that never comes.
_PATIENCE_S = 5.0


async def question(handle: Handler) -> bytes:
    """The answer of a server to one."""
    async with HttpServer(handle) as web, asyncio.timeout(_PATIENCE_S):
        host = resolve(web.url)
        client = await http.open_client(host, {})
        try:
            return (await questions.answered(client, host, "GET", "/")).body
        finally:
            await client.aclose()


async def test_a_question_is_asked_again_where_the_connection_breaks() -> None:
    asked: list[HttpRequest] = []

    async def breaks_once(request: HttpRequest, exchange: Exchange) -> None:
        asked.append(request)
        if len(asked) == 1:
            exchange.reset()
        else:
            exchange.send(200, "yes")

    assert await question(breaks_once) == b"yes"


async def test_half_of_a_character_cannot_be_asked() -> None:
    async with HttpServer(tells(dict)) as web:
        host = resolve(web.url)
        client = await http.open_client(host, {})
        with pytest.raises(ModelRefused, match="half of a character"):
            await questions.answered(client, host, "POST", "/", {"model": "\ud83d"})
        await client.aclose()


async def breaks(_request: HttpRequest, exchange: Exchange) -> None:
    exchange.reset()


async def hangs(_request: HttpRequest, _exchange: Exchange) -> None:
    await asyncio.Event().wait()


async def drips(_request: HttpRequest, exchange: Exchange) -> None:
    exchange.start("application/json")
    while True:
        await exchange.write(b"\n")


@pytest.mark.parametrize(
    ("handle", "words"),
    [
        (breaks, "breaks off instead of answering"),
        (hangs, "did not answer in time"),
        # A byte now and then keeps a connection from being idle.
        (drips, "did not answer in time"),
    ],
)
async def test_a_server_that_does_not_answer(
    handle: Handler, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "QUESTION_TIMEOUT_S", 0.1)
    with pytest.raises(Unreachable, match=words) as raised:
        await question(handle)
    assert raised.value.condition == Condition.NO_ANSWER

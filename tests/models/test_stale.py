"""A kept connection that the server closes at the wrong moment, and what only looks like one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from fimls.clock import SystemClock
from fimls.errors import StreamBroken
from fimls.models.retry import asked_again
from fimls.models.trouble import Condition
from fimls.testing.http_server import HttpServer

if TYPE_CHECKING:
    from fimls.testing.http_server import Exchange, Handler, HttpRequest

from tests.models.asking_openai import REQUEST, model_at, pieces_of, text_of

Ending = Callable[["Exchange"], Awaitable[None]]

ANSWER = b'data: {"choices":[{"text":"1","finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


async def closes(exchange: Exchange) -> None:
    await exchange.break_off()


async def resets(exchange: Exchange) -> None:
    exchange.reset()


async def breaks_off_within(exchange: Exchange) -> None:
    exchange.start("text/event-stream")
    await exchange.write(b'data: {"choices":[{"text":"1"}]}\n\n')
    await exchange.break_off()


def failing(ending: Ending, *requests: int) -> Handler:
    """A server that answers, but for these requests, counted from 1."""
    count = 0

    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        nonlocal count
        count += 1
        if count in requests:
            await ending(exchange)
            return
        exchange.start("text/event-stream")
        await exchange.write(ANSWER)
        await exchange.finish()

    return handle


@pytest.mark.parametrize(
    ("ending", "failing_request", "condition"),
    [
        # The connection of the first request is used again, and nothing comes.
        (closes, 2, Condition.STALE_CONNECTION),
        (resets, 2, Condition.STALE_CONNECTION),
        # Something came: what broke was this answer.
        (breaks_off_within, 2, ""),
        # On a connection of its own a request is cut off by something else.
        (closes, 1, ""),
        (resets, 1, ""),
    ],
)
async def test_how_it_is_recognised(ending: Ending, failing_request: int, condition: str) -> None:
    server = HttpServer(failing(ending, failing_request))
    async with server, model_at(server.url) as model:
        for _ in range(failing_request - 1):
            await pieces_of(model)
        with pytest.raises(StreamBroken) as raised:
            await pieces_of(model)
        assert raised.value.condition == condition
        # Whichever it was, the next one works.
        assert text_of(await pieces_of(model)) == "1"


async def test_asked_once_more_nobody_notices() -> None:
    server = HttpServer(failing(closes, 2))
    async with server, model_at(server.url) as model:
        await pieces_of(model)
        pieces = [
            piece async for piece in asked_again(lambda: model.generate(REQUEST), SystemClock())
        ]

    assert text_of(pieces) == "1"

"""Whether a client agrees: one that says nothing does not, and keeps nobody waiting."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound

from fimls.lsp.agreeing import AGREES_WITHIN_S, agrees

if TYPE_CHECKING:
    from fimls.testing.clock import VirtualClock

Answer = asyncio.Future[object]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # Any answer is a yes: the result of these requests is null.
        (None, True),
        # It does not know the request.
        (JsonRpcMethodNotFound(), False),
    ],
)
async def test_what_the_client_says_counts(
    clock: VirtualClock, said: JsonRpcException | None, expected: bool
) -> None:
    answer: Answer = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(agrees(clock, answer, "dance"))
    await clock.advance(AGREES_WITHIN_S / 2)
    assert not asking.done()
    if said is None:
        answer.set_result(None)
    else:
        answer.set_exception(said)

    assert await asking is expected


async def test_silence_is_no(clock: VirtualClock) -> None:
    answer: Answer = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(agrees(clock, answer, "dance"))
    await clock.advance(AGREES_WITHIN_S)

    assert await asking is False
    await clock.settle()
    assert answer.cancelled()


async def test_who_is_cancelled_asks_no_more(clock: VirtualClock) -> None:
    answer: Answer = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(agrees(clock, answer, "dance"))
    await clock.settle()
    asking.cancel()
    await clock.settle()

    assert asking.cancelled()
    assert answer.cancelled()

"""Asked once more where that helps, and only where nothing of an answer has come."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    PromptTooLong,
    StreamBroken,
    Unreachable,
)
from fimls.models.protocol import End, Piece
from fimls.models.retry import BUSY_WAIT_S, LONGEST_WAIT_S, asked_again
from fimls.models.trouble import Condition
from fimls.testing.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

BUSY = ModelBusy("busy")
STALE = StreamBroken("closed", condition=Condition.STALE_CONNECTION)
END = Piece("", end=End.STOP)

# What a server does each time that it is asked: it says so much, and then may fail.
Answer = tuple[str, ModelError | None]
WELL: Answer = ("abc", None)


class Server:
    def __init__(self, clock: VirtualClock, *answers: Answer) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.asked_at: list[float] = []
        self.open = 0

    async def ask(self) -> AsyncGenerator[Piece, None]:
        self.asked_at += [self.clock.now()]
        text, error = self.answers.pop(0)
        # One request at a time: the first is closed when the second begins.
        assert self.open == 0
        self.open += 1
        try:
            for letter in text:
                yield Piece(letter)
            if error is not None:
                raise error
            yield END
        finally:
            self.open -= 1


async def heard(server: Server) -> str:
    async with aclosing(asked_again(server.ask, server.clock)) as pieces:
        return "".join([piece.text async for piece in pieces])


@pytest.mark.parametrize(
    ("first", "waits_s"),
    [
        # It says nothing of when, or asks for a time that is worth waiting.
        (BUSY, BUSY_WAIT_S),
        (ModelBusy("busy", after_s=1), 1),
        (ModelBusy("busy", after_s=LONGEST_WAIT_S), LONGEST_WAIT_S),
        (ModelBusy("busy", after_s=0), 0),
        # A kept connection that was closed just then.
        (STALE, 0),
    ],
)
async def test_it_is_asked_again(first: ModelError, waits_s: float) -> None:
    clock = VirtualClock()
    server = Server(clock, ("", first), WELL)
    assert await clock.drive(heard(server)) == "abc"
    assert server.asked_at == [0, waits_s]


@pytest.mark.parametrize(
    "answers",
    [
        # The second try is the last.
        [("", BUSY), ("", BUSY)],
        [("", STALE), ("", STALE)],
        [("", BUSY), ("", ModelFailed("out of memory"))],
        # Whoever is to wait longer has typed on by then.
        [("", ModelBusy("busy", after_s=LONGEST_WAIT_S + 1))],
        # Something was said, and would be said twice.
        [("a", BUSY)],
        [("a", STALE)],
        # Another try would not help.
        [("", StreamBroken("broke off"))],
        [("", Unreachable("nothing answers"))],
        [("", ModelMissing("not installed"))],
        [("", PromptTooLong("too long"))],
    ],
)
async def test_what_is_raised(answers: list[Answer]) -> None:
    clock = VirtualClock()
    server = Server(clock, *answers)
    with pytest.raises(ModelError) as raised:
        await clock.drive(heard(server))
    assert raised.value is answers[-1][1]
    assert len(server.asked_at) == len(answers)


async def test_it_is_asked_once_where_that_works() -> None:
    server = Server(VirtualClock(), WELL)
    assert await heard(server) == "abc"
    assert server.asked_at == [0]


async def test_closing_closes_the_request_under_way() -> None:
    server = Server(VirtualClock(), ("", STALE), WELL)
    pieces = asked_again(server.ask, server.clock)
    assert (await anext(pieces)).text == "a"
    await pieces.aclose()
    assert server.open == 0

"""The slot: never two generations at once, the newest question first, nothing left open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from fimls.errors import ModelFailed
from fimls.models.protocol import End, Piece
from fimls.models.slot import Outcome, Priority, Slot, Stream, Token

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@dataclass
class Mouth:
    """A model that says a word whenever it is told to, and notes what happens to it."""

    open: int = 0
    most_open: int = 0
    log: list[str] = field(default_factory=list)
    words: dict[str, asyncio.Queue[Piece | Exception]] = field(default_factory=dict)

    async def speak(self, name: str) -> AsyncGenerator[Piece, None]:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.log.append(f"{name} opened")
        try:
            while True:
                word = await self.words.setdefault(name, asyncio.Queue()).get()
                if isinstance(word, Exception):
                    raise word
                yield word
        finally:
            # A connection takes a moment to close; the next request has to wait for that.
            await asyncio.sleep(0)
            self.open -= 1
            self.log.append(f"{name} closed")

    def say(self, name: str, *words: Piece | Exception) -> None:
        for word in words:
            self.words.setdefault(name, asyncio.Queue()).put_nowait(word)


def begin(slot: Slot, mouth: Mouth, name: str, priority: Priority) -> Stream:
    return slot.start(lambda: mouth.speak(name), priority)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


AUTO, KEY, ACTION, AHEAD = (
    Priority.AUTOMATIC,
    Priority.EXPLICIT,
    Priority.ACTION,
    Priority.AHEAD,
)


@pytest.mark.parametrize(
    ("first", "second", "first_outcome", "second_outcome"),
    [
        # Typing on overtakes what was asked for the text before.
        (AUTO, AUTO, Outcome.CANCELLED, None),
        # The user's key goes before what asks for itself.
        (AUTO, KEY, Outcome.CANCELLED, None),
        # What the user asked for by a key is not ended by what asks for itself.
        (KEY, AUTO, None, None),
        # The same key once more: the newest counts.
        (KEY, KEY, Outcome.CANCELLED, None),
        # An action is never ended by typing; typing is told at once that the model is busy.
        (ACTION, AUTO, None, Outcome.BUSY),
        # An explicit request waits for the action.
        (ACTION, KEY, None, None),
        # Two actions, one after the other.
        (ACTION, ACTION, None, None),
        # Asking ahead gives way to everybody, and waits for everybody.
        (AHEAD, AUTO, Outcome.CANCELLED, None),
        (AHEAD, ACTION, Outcome.CANCELLED, None),
        (AUTO, AHEAD, None, None),
        (ACTION, AHEAD, None, Outcome.BUSY),
    ],
)
async def test_who_ends_whom(
    first: Priority,
    second: Priority,
    first_outcome: Outcome | None,
    second_outcome: Outcome | None,
) -> None:
    slot, mouth = Slot(), Mouth()
    one = begin(slot, mouth, "one", first)
    await settle()
    two = begin(slot, mouth, "two", second)
    await settle()

    assert (one.outcome, two.outcome) == (first_outcome, second_outcome)
    assert mouth.most_open == 1

    await slot.close()
    assert mouth.open == 0


async def test_the_next_request_is_sent_only_when_the_connection_before_is_closed() -> None:
    slot, mouth = Slot(), Mouth()
    begin(slot, mouth, "one", AUTO)
    await settle()
    begin(slot, mouth, "two", AUTO)
    await settle()

    assert mouth.log == ["one opened", "one closed", "two opened"]
    await slot.close()


async def test_of_those_that_wait_only_the_newest_is_asked() -> None:
    slot, mouth = Slot(), Mouth()
    streams = [begin(slot, mouth, name, AUTO) for name in ("one", "two", "three")]
    await settle()

    assert mouth.log == ["three opened"]
    assert [stream.outcome for stream in streams] == [Outcome.CANCELLED, Outcome.CANCELLED, None]
    await slot.close()


async def test_an_explicit_request_is_asked_when_the_action_has_ended() -> None:
    slot, mouth = Slot(), Mouth()
    action = begin(slot, mouth, "action", ACTION)
    await settle()
    asked = begin(slot, mouth, "asked", KEY)
    mouth.say("action", Piece("done", end=End.STOP))
    mouth.say("asked", Piece("x", end=End.STOP))
    await settle()

    assert (action.outcome, asked.outcome) == (Outcome.DONE, Outcome.DONE)
    assert mouth.log == ["action opened", "action closed", "asked opened", "asked closed"]


@pytest.mark.parametrize(
    ("words", "text", "outcome"),
    [
        # The model says that it has finished.
        ([Piece("a"), Piece("b", end=End.STOP)], "ab", Outcome.DONE),
        # It was stopped by the limit of tokens.
        ([Piece("a", end=End.LENGTH)], "a", Outcome.LENGTH),
        # It failed half-way: what it said is kept.
        ([Piece("a"), ModelFailed("out of memory")], "a", Outcome.FAILED),
        # A fault that is no `ModelError` is a failure for those who wait, not a hang.
        ([Piece("a"), ValueError("ours")], "a", Outcome.FAILED),
    ],
)
async def test_how_a_stream_ends(
    words: list[Piece | Exception], text: str, outcome: Outcome
) -> None:
    slot, mouth = Slot(), Mouth()
    mouth.say("one", *words)
    stream = begin(slot, mouth, "one", AUTO)
    rung = asyncio.Event()
    stream.listeners.append(rung)
    await settle()

    assert (stream.text, stream.outcome) == (text, outcome)
    assert rung.is_set()
    assert mouth.open == 0


async def test_a_stream_that_just_stops_is_broken() -> None:
    async def silent() -> AsyncGenerator[Piece, None]:
        yield Piece("half a li")

    stream = Slot().start(silent, AUTO)
    await settle()

    assert stream.outcome is Outcome.FAILED
    assert "broke off" in str(stream.error)


async def test_the_model_is_busy_from_the_first_request_to_the_last() -> None:
    told: list[bool] = []
    slot, mouth = Slot(on_busy=told.append), Mouth()
    begin(slot, mouth, "one", AUTO)
    await settle()
    begin(slot, mouth, "two", AUTO)
    mouth.say("two", Piece("", end=End.STOP))
    await settle()

    assert told == [True, False]


async def test_the_probability_of_each_token_is_kept_with_its_place() -> None:
    slot, mouth = Slot(), Mouth()
    mouth.say("one", Piece("ab", logprobs=(-0.1,)), Piece("c", logprobs=(-0.3,), end=End.STOP))
    stream = begin(slot, mouth, "one", AUTO)
    await settle()

    assert stream.tokens == [Token(0, 2, -0.1), Token(2, 3, -0.3)]


@pytest.mark.parametrize("priority", [Priority.AHEAD, Priority.ACTION, AUTO, Priority.EXPLICIT])
async def test_the_slot_is_free_while_nobody_has_the_model_or_waits_for_it(
    priority: Priority,
) -> None:
    slot, mouth = Slot(), Mouth()
    seen = [(slot.is_idle, slot.is_free)]
    stream = begin(slot, mouth, "one", priority)
    seen.append((slot.is_idle, slot.is_free))
    await settle()
    seen.append((slot.is_idle, slot.is_free))
    # Its connection still closes, and what comes next is the next one's.
    stream.end(Outcome.CUT)
    seen.append((slot.is_idle, slot.is_free))
    begin(slot, mouth, "two", priority)
    seen.append((slot.is_idle, slot.is_free))
    await slot.close()

    # What is asked ahead makes room for anybody.
    taken = (False, priority is Priority.AHEAD)
    assert seen == [(True, True), taken, taken, (True, True), taken]

"""The scripted model has the shape of a model, keeps to its script and notes what happens to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fimls.errors import ModelBusy, ModelFailed
from fimls.models.protocol import Capabilities, Chat, End, Generation, Message, Piece
from fimls.testing.clock import VirtualClock
from fimls.testing.scripted import Break, Pause, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fimls.models.protocol import Model
    from fimls.testing.scripted import Answer, Script

END = Piece("", end=End.STOP)


def scripted(answer: str | Script | Answer, clock: VirtualClock | None = None) -> Scripted:
    return ScriptedModel(
        Piece, END, Capabilities(None, 4096), answer=answer, clock=clock or VirtualClock()
    )


Scripted = ScriptedModel[Piece, Capabilities]


async def heard(stream: AsyncGenerator[Piece, None]) -> list[Piece]:
    return [piece async for piece in stream]


@pytest.mark.parametrize(
    ("answer", "pieces"),
    [
        # A text is one chunk.
        ("ab", [Piece("ab"), END]),
        # Chunks.
        (["a", "b"], [Piece("a"), Piece("b"), END]),
        # Nothing to say.
        ([], [END]),
        # By the prompt.
        (lambda prompt: prompt.upper(), [Piece("ASK"), END]),
        # A piece of the test's own, with what only it can know.
        ([Piece("a", (-0.5,))], [Piece("a", (-0.5,)), END]),
        # The end comes from the script.
        ([Piece("a", end=End.LENGTH), Break.OFF], [Piece("a", end=End.LENGTH)]),
        # The stream is broken off.
        (["a", Break.OFF, "b"], [Piece("a")]),
    ],
)
async def test_script(answer: str | Script | Answer, pieces: list[Piece]) -> None:
    model = scripted(answer)
    assert await heard(model.generate(Generation("ask", 8))) == pieces
    assert (model.finished, model.cancelled, model.open) == (1, 0, 0)


async def test_it_is_a_model() -> None:
    model: Model = scripted("yes")
    assert (model.name, model.backend, model.capabilities.context_tokens) == (
        "scripted",
        "ollama",
        4096,
    )
    assert await heard(model.generate(Generation("", 1))) == [Piece("yes"), END]


async def test_chats_are_asked_by_their_contents() -> None:
    model = scripted(lambda prompt: prompt)
    chat = Chat((Message("system", "be short"), Message("user", "hello")), 8)
    assert (await heard(model.chat(chat)))[0].text == "be short\n\nhello"
    assert model.requests == [chat]
    assert model.prompts == ["be short\n\nhello"]


async def test_errors_are_raised_in_their_place() -> None:
    model = scripted(["a", ModelFailed("gone")])
    stream = model.generate(Generation("", 8))
    assert await anext(stream) == Piece("a")
    with pytest.raises(ModelFailed, match="gone"):
        await anext(stream)
    assert model.closed == model.finished == 1


async def test_pauses_take_the_clock_s_time() -> None:
    clock = VirtualClock()
    model = scripted(["a", Pause(2.0), "b"], clock)
    task = asyncio.ensure_future(heard(model.generate(Generation("", 8))))
    await clock.advance(1.9)
    assert not task.done()
    await clock.advance(0.1)
    assert [piece.text for piece in await task] == ["a", "b", ""]


async def test_gates_hold_it() -> None:
    clock, gate = VirtualClock(), asyncio.Event()
    model = scripted([gate, "a"], clock)
    task = asyncio.ensure_future(heard(model.generate(Generation("", 8))))
    await clock.settle()
    assert model.open == 1
    gate.set()
    assert (await task)[0].text == "a"


async def test_a_closed_stream_is_counted_when_it_is_closed() -> None:
    clock = VirtualClock()
    model = scripted(["a", "b"], clock)
    model.closing = [Pause(1.0)]
    stream = model.generate(Generation("", 8))
    assert (await anext(stream)).text == "a"
    closing = asyncio.ensure_future(stream.aclose())
    await clock.settle()
    assert (model.open, model.cancelled) == (1, 0)
    await clock.advance(1.0)
    await closing
    assert (model.open, model.cancelled, model.finished) == (0, 1, 0)


async def test_a_cancelled_listener_counts_as_cancelled() -> None:
    clock = VirtualClock()
    model = scripted([Pause(9.0)], clock)
    task = asyncio.ensure_future(heard(model.generate(Generation("", 8))))
    await clock.settle()
    task.cancel()
    await clock.settle()
    assert (model.cancelled, model.open) == (1, 0)


async def test_streams_at_once() -> None:
    clock, gate = VirtualClock(), asyncio.Event()
    model = scripted([gate], clock)
    for _time in range(2):
        both = [heard(model.generate(Generation("", 8))) for _ in range(2)]
        together = asyncio.gather(*both)
        await clock.settle()
        gate.set()
        await together
    assert (model.max_open, model.finished) == (2, 4)


async def test_warming_up() -> None:
    clock = VirtualClock()
    model = scripted("", clock)
    model.loading = [Pause(30.0)]
    task = asyncio.ensure_future(model.warm_up())
    await clock.advance(29.0)
    assert (model.warm_ups, model.is_warm) == (1, False)
    await clock.advance(1.0)
    await task
    assert model.is_warm


async def test_a_load_that_fails() -> None:
    model = scripted("")
    model.loading = [ModelBusy("later")]
    with pytest.raises(ModelBusy):
        await model.warm_up()
    assert not model.is_warm
    await model.close()
    assert model.is_closed

"""A model behind Ollama is loaded once, and nothing that users do ends that."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Literal

import pytest

from fimls.errors import ModelFailed, Unreachable
from fimls.models import http
from fimls.models.ollama import Ollama, OllamaOptions
from fimls.models.protocol import Generation
from fimls.models.trouble import Condition
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.ollama_models import FakeModel
from fimls.testing.runner import Outcome, Pace
from tests.models.asking_ollama import (
    CHAT,
    CODE_LLAMA,
    ollama,
    pieces_of,
    server_at,
    text_of,
)


async def test_one_context_in_a_session() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await model.warm_up()
        await pieces_of(model)
        await pieces_of(model, Generation("x", max_tokens=8))
        async with aclosing(model.chat(CHAT)) as said:
            assert [piece async for piece in said]

    assert (fake.loads, fake.reloads) == (1, 0)
    assert [request.options["num_ctx"] for request in fake.requests] == [4096] * 4
    warm_up = fake.requests[0]
    assert (warm_up.is_load, warm_up.raw, warm_up.body["keep_alive"]) == (True, True, "30m")


@pytest.mark.parametrize(
    ("setting", "loaded", "trained", "tokens"),
    [
        # What is there is kept: another number would load it anew.
        ("auto", 8192, 16_384, 8192),
        # Nothing is there.
        ("auto", None, 16_384, 4096),
        # More than it was trained for is no use, and Ollama would shorten it.
        ("auto", None, 2048, 2048),
        (32_768, None, 16_384, 16_384),
        # The user's number wins over what is loaded.
        (2048, 8192, 16_384, 2048),
    ],
)
async def test_the_context(
    setting: int | Literal["auto"], loaded: int | None, trained: int, tokens: int
) -> None:
    mine = FakeModel("codellama:mine", context_length=trained)
    async with FakeOllama(models=[mine]) as fake:
        if loaded:
            async with ollama(fake, mine.name, OllamaOptions(context_length=loaded)) as other:
                await other.warm_up()
        async with ollama(fake, mine.name, OllamaOptions(context_length=setting)) as model:
            await model.warm_up()

    assert model.capabilities.context_tokens == tokens
    assert fake.requests[-1].options["num_ctx"] == tokens


async def test_impatience_does_not_end_a_load() -> None:
    clock = VirtualClock()
    async with FakeOllama(pace=Pace(load_s=60.0), clock=clock) as fake, ollama(fake) as model:
        for _ in range(3):
            waiting = asyncio.ensure_future(model.warm_up())
            await fake.seen.until(lambda: bool(fake.requests))
            waiting.cancel()
            await asyncio.wait([waiting])
        again = asyncio.ensure_future(model.warm_up())
        await clock.drive(again)

    assert (fake.loads, fake.aborted_loads, len(fake.requests)) == (1, 0, 1)


async def test_a_load_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LOAD_TIMEOUT_S", 0.05)
    async with FakeOllama() as fake, ollama(fake) as model:
        fake.fail_next(Fault.HANG)
        with pytest.raises(Unreachable, match="did not answer in time"):
            await model.warm_up()
        await model.warm_up()


async def test_closing_does_not_end_a_load() -> None:
    clock = VirtualClock()
    async with FakeOllama(pace=Pace(load_s=60.0), clock=clock) as fake:
        async with ollama(fake) as model:
            waiting = asyncio.ensure_future(model.warm_up())
            await fake.seen.until(lambda: bool(fake.requests))
        await clock.drive(waiting)
        await fake.seen.until(lambda: fake.seen.served[0].outcome is Outcome.DONE)

    assert (fake.loads, fake.aborted_loads) == (1, 0)


async def test_a_model_that_was_unloaded_is_loaded_before_it_is_asked() -> None:
    clock = VirtualClock()
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=clock) as model:
        await model.warm_up()
        async with server_at(fake.url) as server:
            await server.unload(CODE_LLAMA)
        await clock.advance(60.0)
        assert text_of(await pieces_of(model)) == "1"

    # Warm-up, unloading, warm-up, answer.
    assert [request.is_load for request in fake.requests] == [True, True, True, False]


async def test_a_model_that_is_there_is_not_asked_about_at_each_key() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=VirtualClock()) as model:
        await model.warm_up()
        before = len(fake.seen.calls)
        await pieces_of(model)
        await pieces_of(model)

    assert len(fake.seen.calls) - before == 2


async def test_a_model_that_says_nothing_is_unloaded_and_loaded_anew() -> None:
    """Its only slot may be held for ever by a request that was cancelled long ago."""
    clock = VirtualClock()
    async with FakeOllama(answer=Fault.HANG) as fake, ollama(fake, clock=clock) as model:
        await model.warm_up()
        for _ in range(2):
            await given_up_after(60.0, model, clock, fake)
        fake.answer = "1"

        with pytest.raises(ModelFailed, match="takes requests and says nothing") as raised:
            await pieces_of(model)
        assert raised.value.condition == Condition.SILENT
        assert fake.requests[-1].keep_alive_s == 0
        assert text_of(await pieces_of(model)) == "1"

    assert (fake.loads, fake.reloads) == (2, 0)


async def test_a_model_that_reads_a_long_prompt_is_left_alone() -> None:
    clock = VirtualClock()
    async with FakeOllama(answer=Fault.HANG) as fake, ollama(fake, clock=clock) as model:
        await model.warm_up()
        for _ in range(2):
            await given_up_after(15.0, model, clock, fake)
        fake.answer = "1"

        assert text_of(await pieces_of(model)) == "1"

    assert fake.loads == 1


async def given_up_after(
    seconds: float, model: Ollama, clock: VirtualClock, fake: FakeOllama
) -> None:
    """Asks, waits for that long on the model's clock, and takes the question back."""
    asked = len(fake.prompts)
    question = asyncio.ensure_future(pieces_of(model))
    await fake.seen.until(lambda: len(fake.prompts) > asked)
    await clock.advance(seconds)
    question.cancel()
    await asyncio.wait([question])

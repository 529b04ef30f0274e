"""The embedded model for real: a process that serves it, and what happens when that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from fimls import processes
from fimls.errors import ModelFailed, ModelRefused, StreamBroken
from fimls.models import embedded
from fimls.models.detection import Detected, Evidence, How
from fimls.models.embedded import Embedded
from fimls.models.probing import Unsettled
from fimls.models.protocol import Capabilities, End, Generation, Piece
from fimls.models.remembered import Remembered
from fimls.testing.clock import VirtualClock
from tests.test_processes import gone

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

CAPABILITIES = Capabilities(
    family=None, context_tokens=2048, can_force=True, gives_logprobs=True, single_line=True
)
PROMPT = "def mean(numbers):\n    total = sum(numbers)\n    return"
REQUEST = Generation(PROMPT, max_tokens=8)


@pytest.fixture(name="model")
async def model_fixture(embedded_model: Path) -> AsyncIterator[Embedded]:
    model = Embedded("smollm2-135m", embedded_model, CAPABILITIES)
    try:
        yield model
    finally:
        await model.close()


async def pieces_of(model: Embedded, request: Generation) -> list[Piece]:
    return [piece async for piece in model.generate(request)]


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


async def test_it_starts_on_first_need_and_says_the_same_each_time(model: Embedded) -> None:
    assert (model.pid, model.host) == (None, "")
    first = await pieces_of(model, REQUEST)
    assert text_of(first).startswith(" total / len(numbers)\n")
    assert first[-1].end is End.LENGTH
    logprobs = [logprob for piece in first for logprob in piece.logprobs]
    assert len(logprobs) == REQUEST.max_tokens
    assert all(logprob <= 0 for logprob in logprobs)
    assert text_of(await pieces_of(model, REQUEST)) == text_of(first)
    assert model.starts == 1
    assert model.host.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("prompt", "force"),
    [
        # Healing: a line end with its indentation is one token, which the prompt has lost.
        ("def mean(numbers):", "\n    "),
        # A word begun.
        ("def mean(numbers):\n    total = sum(numbers)\n    ", "ret"),
        # Against its inclination, with all that a grammar has to escape.
        ("print(", '"\\n\tgrün 😀\u2028'),
    ],
)
async def test_an_answer_begins_as_it_is_forced_to(
    prompt: str, force: str, model: Embedded
) -> None:
    said = text_of(await pieces_of(model, Generation(prompt, max_tokens=24, force=force)))
    assert said.startswith(force)
    assert len(said) > len(force)


async def test_a_closed_stream_frees_the_model_at_once(model: Embedded) -> None:
    await model.warm_up()
    loop = asyncio.get_running_loop()
    async with aclosing(model.generate(Generation(PROMPT, max_tokens=1500))) as pieces:
        await anext(pieces)
    began = loop.time()
    async with aclosing(model.generate(REQUEST)) as pieces:
        await anext(pieces)
    # 1500 tokens take 15 s here; the next one begins in milliseconds.
    assert loop.time() - began < 3.0


async def test_a_prompt_that_is_too_long_is_refused_and_nothing_else(model: Embedded) -> None:
    with pytest.raises(ModelRefused):
        await pieces_of(model, Generation("x = 1\n" * 3000, max_tokens=8))
    assert await pieces_of(model, REQUEST)
    assert model.starts == 1


async def test_killed_between_and_during_requests(model: Embedded) -> None:
    whole = text_of(await pieces_of(model, REQUEST))
    assert model.pid is not None
    os.kill(model.pid, signal.SIGKILL)
    assert text_of(await pieces_of(model, REQUEST)) == whole
    assert model.starts == 2
    # Once more, with a part of the answer already passed on.
    said = ""
    async for piece in model.generate(REQUEST):
        if not said:
            os.kill(model.pid, signal.SIGKILL)
        said += piece.text
    assert said == whole
    assert model.starts == 3


async def test_it_goes_with_whoever_started_it(embedded_model: Path) -> None:
    program = f"""
import asyncio
from pathlib import Path
from fimls.models.embedded import Embedded
from fimls.models.protocol import Capabilities
async def main():
    model = Embedded("small", Path({str(embedded_model)!r}), Capabilities(None, 512))
    await model.warm_up()
    print(model.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    parent = await processes.start(
        [sys.executable, "-c", program], env_extra={"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    pid = int(await parent.first_line(60.0))
    os.kill(parent.pid, signal.SIGKILL)
    await gone(pid)
    await parent.stop()


async def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF and rubbish")
    clock = VirtualClock()
    model = Embedded("broken", file, CAPABILITIES, clock=clock)
    with pytest.raises(ModelFailed, match=r"broken could not be started: .*broken\.gguf"):
        await model.warm_up()
    # The first time costs no wait, each further one twice as much as the one before.
    with pytest.raises(ModelFailed, match="could not be started"):
        await model.warm_up()
    with pytest.raises(ModelFailed, match="started again in 1 s"):
        await model.warm_up()
    await clock.advance(1.0)
    with pytest.raises(ModelFailed, match="could not be started"):
        await model.warm_up()
    with pytest.raises(ModelFailed, match="started again in 2 s"):
        await model.warm_up()
    assert model.starts == 3
    await model.close()
    with pytest.raises(ModelFailed, match="closed"):
        await model.warm_up()


async def test_a_file_of_unknown_family_is_looked_at_when_it_runs(
    embedded_model: Path, tmp_path: Path
) -> None:
    unsettled = Unsettled(Evidence("mine"), "mine", Remembered(tmp_path))
    model = Embedded("mine", embedded_model, CAPABILITIES, unsettled=unsettled)
    await model.warm_up()
    # Its vocabulary, which the child's server tells, has no family's markers.
    assert model.capabilities.family is None
    assert Remembered(tmp_path).get("mine") == Detected(None, How.NOTHING)
    assert text_of(await pieces_of(model, REQUEST)).startswith(" total / len(numbers)")
    await model.close()
    assert model.starts == 1


@pytest.mark.parametrize(
    ("said", "again", "passed_on"),
    [
        # Nothing had been passed on.
        ("", ["a", "b"], ["a", "b"]),
        # The tokens are cut where they were.
        ("ab", ["a", "b", "c"], ["c"]),
        # A token that was half passed on.
        ("ab", ["a", "bcd"], ["cd"]),
    ],
)
async def test_what_was_said_before_a_death_is_not_said_again(
    said: str, again: list[str], passed_on: list[str]
) -> None:
    async def answer() -> AsyncGenerator[Piece, None]:
        for text in again:
            yield Piece(text)
        yield Piece("", end=End.STOP)

    pieces = [piece.text async for piece in embedded._beyond(said, answer())]
    assert pieces == [*passed_on, ""]


async def test_another_answer_after_a_death_is_no_answer() -> None:
    async def answer() -> AsyncGenerator[Piece, None]:
        yield Piece("ax")

    with pytest.raises(StreamBroken):
        [piece async for piece in embedded._beyond("ab", answer())]

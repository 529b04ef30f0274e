"""The model is asked once more where that helps, and never more often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.prompt import orders
from fimls.completion.values import Completion, Reason, Skip
from fimls.errors import ModelBusy, ModelError, ModelFailed, PromptTooLong, StreamBroken
from fimls.models.trouble import Condition
from fimls.testing.scripted import Pause

if TYPE_CHECKING:
    from fimls.completion.values import Answer
    from tests.completion.conftest import Desk

# More lines than a prompt holds, so that a half of one is seen to be shorter.
LONG = "".join(f"value_{number} = compute({number})\n" for number in range(400))
HOLE = "result = █\n"


def in_turn(desk: Desk, *answers: Any) -> None:
    """Lets the model give one answer after the other, and the last one for ever."""
    left = list(answers)
    desk.model.answer = lambda _prompt: left.pop(0) if len(left) > 1 else left[0]


def shown(answer: Answer) -> str | None:
    return answer.text if isinstance(answer, Completion) else None


@pytest.mark.parametrize(
    "error",
    [
        # A busy server is asked again in a moment …
        ModelBusy("busy"),
        # … which it may name itself.
        ModelBusy("busy", after_s=1.0),
        # The server had closed the connection before it read anything.
        StreamBroken("closed", condition=Condition.STALE_CONNECTION),
    ],
)
async def test_one_more_try(desk: Desk, error: ModelError) -> None:
    in_turn(desk, [error], "1\n")

    assert shown(await desk.answer(HOLE, explicit=True)) == "1"
    assert len(desk.model.prompts) == 2


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        # Busy twice: the user is told instead of kept waiting.
        ([[ModelBusy("busy")], [ModelBusy("busy")], "1\n"], 2),
        # It says that a moment will not do.
        ([[ModelBusy("busy", after_s=30.0)], "1\n"], 1),
        # It has begun to speak: a second answer might be another one.
        ([["1 +", StreamBroken("closed", condition=Condition.STALE_CONNECTION)], "1\n"], 1),
        # What failed once fails again.
        ([[ModelFailed("out of memory")], "1\n"], 1),
    ],
)
async def test_no_more_tries(desk: Desk, answers: list[Any], asked: int) -> None:
    in_turn(desk, *answers)

    answer = await desk.answer(HOLE, explicit=True)

    assert isinstance(answer, Skip)
    assert answer.reason is Reason.MODEL_FAILED
    assert len(desk.model.prompts) == asked


async def test_a_busy_server_keeps_nobody_beyond_the_time_out(desk: Desk) -> None:
    in_turn(desk, [ModelBusy("busy")], [Pause(60.0)])

    answer = await desk.answer(HOLE, explicit=True)

    assert isinstance(answer, Skip)
    assert answer.reason is Reason.TIMED_OUT
    assert desk.clock.now() == pytest.approx(1000.0 + desk.settings.completion.timeout_ms / 1000)


async def test_half_of_a_prompt_that_is_too_long(desk: Desk) -> None:
    in_turn(desk, [PromptTooLong("too long")], "1\n")

    assert shown(await desk.answer(LONG + HOLE, explicit=True)) == "1"

    whole, half = map(len, desk.model.prompts)
    assert 0.3 * whole < half < 0.7 * whole
    # The next one begins with the half: the server would refuse the whole again.
    assert shown(await desk.answer(f"# again\n{LONG}{HOLE}", explicit=True)) == "1"
    assert len(desk.model.prompts) == 3
    assert len(desk.model.prompts[2]) < 0.7 * whole


async def test_the_trace_has_the_prompt_that_was_answered(desk: Desk) -> None:
    in_turn(desk, [PromptTooLong("too long")], "1\n")

    await desk.answer(LONG + HOLE, explicit=True)

    trace = desk.completer.last("file:///project/a.py")
    assert trace is not None
    assert trace.prompt is not None
    assert trace.prompt.generation.prompt == desk.model.prompts[1]


async def test_a_prompt_is_halved_only_once(desk: Desk) -> None:
    in_turn(desk, [PromptTooLong("too long")])

    answer = await desk.answer(LONG + HOLE, explicit=True)

    assert str(answer) == "the model failed (too long)"
    assert len(desk.model.prompts) == 2
    await desk.answer(f"# again\n{LONG}{HOLE}", explicit=True)
    assert len(desk.model.prompts) == 3


async def test_a_healed_prompt_is_halved_too(desk: Desk) -> None:
    desk.becomes(family=None)
    in_turn(desk, [PromptTooLong("too long")], " 1\n")

    assert shown(await desk.answer(LONG + HOLE, explicit=True)) == "1"

    whole, half = map(len, desk.model.prompts)
    assert half < 0.7 * whole


@pytest.mark.parametrize(
    ("family", "picture"),
    [
        # At a line border both orders are thought of, with one window.
        (True, "def f():\n    █\n"),
        (True, HOLE),
        # Each way of asking a model that knows no suffix.
        (False, HOLE),
    ],
)
async def test_each_prompt_is_made_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, family: bool, picture: str
) -> None:
    made: list[Any] = []

    def counted(*what: Any) -> Any:
        made.append(what[-1].way)
        return orders(*what)

    monkeypatch.setattr("fimls.completion.asking.orders", counted)
    desk.becomes(saves_prompts=True, **({} if family else {"family": None}))
    desk.script("")
    await desk.answer(picture, explicit=True)
    assert len(desk.model.prompts) > (0 if family else 3)
    assert len(made) == len(set(made))

"""Questions that meet edits, faults, the end of documents, and each other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fimls.completion.values import Answer, Ask, Completion, Overtaken, Reason, Skip
from fimls.errors import ModelFailed
from fimls.models.status import State
from fimls.settings import Effect
from fimls.testing.scripted import Pause
from tests.completion.conftest import URI

if TYPE_CHECKING:
    from tests.completion.conftest import Desk

OTHER = "file:///project/b.py"


def brief(answer: Answer) -> str | Reason | None:
    """The text, the reason why there is none, or None where the question was overtaken."""
    if isinstance(answer, Overtaken):
        return None
    return answer.text if isinstance(answer, Completion) else answer.reason


async def test_an_edit_before_the_question_has_its_turn(desk: Desk) -> None:
    desk.model.loading = [Pause(20)]
    asked = desk.ask("x = █\n")
    desk.open("x = 1█\n")
    await desk.clock.settle()

    # Without any time passing, and while the model is loading.
    assert isinstance(await asked, Overtaken)


@pytest.mark.parametrize(
    ("after_s", "is_open"),
    [
        # An editor that asks a moment after the key finds the run still there.
        (0.4, True),
        # Nobody has asked: a model that hangs would be held for ever.
        (1.1, False),
    ],
)
async def test_a_run_that_nobody_waits_for_any_more(
    desk: Desk, after_s: float, is_open: bool
) -> None:
    desk.script("a ", Pause(60))
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()

    desk.open("x = a█\n")
    await desk.clock.advance(after_s)

    assert isinstance(await asked, Overtaken)
    assert desk.model.open == int(is_open)


async def test_joining_a_run_that_hangs_takes_no_longer_than_one_question(desk: Desk) -> None:
    desk.script(Pause(60))
    first = desk.ask("x = █\n")
    await desk.clock.advance(5)
    began_s = desk.clock.now()

    answer = await desk.answer("x = █\n", explicit=True)

    assert brief(answer) is Reason.TIMED_OUT
    assert desk.clock.now() - began_s == pytest.approx(15)
    assert isinstance(await first, Overtaken)


async def test_after_a_time_out_the_same_place_is_asked_about_anew(desk: Desk) -> None:
    desk.script(Pause(60))
    assert brief(await desk.answer("x = █\n", explicit=True)) is Reason.TIMED_OUT
    desk.script("1\n")
    snap = desk.documents.at(URI)
    assert snap is not None

    answer = await desk.clock.drive(desk.completer.complete(Ask(snap, snap.hole_at(4))))

    assert brief(answer) == "1"


async def test_a_run_joined_by_a_key_is_not_ended_by_what_asks_for_itself(desk: Desk) -> None:
    gate = asyncio.Event()
    desk.script("1", gate, "\n")
    first = desk.ask("x = █\n")
    await desk.clock.advance(0.3)
    snap = desk.documents.at(URI)
    assert snap is not None
    joined = asyncio.ensure_future(
        desk.completer.complete(Ask(snap, snap.hole_at(4), explicit=True))
    )
    await desk.clock.settle()

    other = desk.ask("y = █\n", uri=OTHER)
    await desk.clock.advance(0.3)
    gate.set()

    assert brief(await joined) == "1"
    assert brief(await first) == "1"
    assert brief(await desk.clock.drive(other)) == "1"
    assert desk.model.max_open == 1


async def test_nothing_is_kept_of_a_document_that_was_closed_while_it_was_asked_about(
    desk: Desk,
) -> None:
    desk.script("a ", Pause(60))
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()

    desk.documents.close(URI)
    desk.completer.closed(URI)
    await asked

    assert desk.completer.last(URI) is None


async def test_the_fault_of_a_model_that_was_replaced_is_not_the_new_ones(desk: Desk) -> None:
    desk.script("1\n")
    await desk.answer("x = █\n")
    replaced = type(desk.model)(desk.model.make_piece, desk.model.end, desk.model.capabilities)

    desk.session.failed(ModelFailed("died"), replaced)
    before = desk.session.status
    desk.session.failed(ModelFailed("died"), desk.model)

    assert (before.state, desk.session.status.state) == (State.READY, State.ERROR)


async def test_settings_come_into_force_while_somebody_goes_on_typing(desk: Desk) -> None:
    desk.script("a ", Pause(60))
    desk.model.closing = [Pause(0.5)]
    first = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()
    everything = frozenset({Effect.DROP_RUNS, Effect.RESTART_MODEL})
    configuring = asyncio.ensure_future(desk.completer.configure(desk.settings, everything))
    await desk.clock.settle()

    # It is begun when the old connection is closed, and does not hold up the settings.
    second = desk.ask("y = █\n", explicit=True, uri=OTHER)
    await desk.clock.advance(0.6)

    assert configuring.done()
    assert isinstance(await first, Overtaken)
    second.cancel()
    await desk.clock.advance(1)


async def test_after_the_end_nobody_is_asked(desk: Desk) -> None:
    await desk.clock.drive(desk.completer.close())

    answer = await desk.answer("x = █\n", explicit=True)

    assert isinstance(answer, Overtaken)
    assert (desk.model.warm_ups, desk.model.requests) == (0, [])


async def test_a_model_whose_wait_is_cancelled_from_elsewhere(desk: Desk) -> None:
    desk.script(asyncio.CancelledError())

    answer = await desk.answer("x = █\n", explicit=True)

    assert isinstance(answer, Skip)
    assert answer.reason is Reason.MODEL_FAILED
    assert desk.clock.now() < 1001

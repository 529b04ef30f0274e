"""Work that is begun once: who comes meanwhile joins it, and who leaves does not end it."""

from __future__ import annotations

import asyncio

import pytest

from fimls.errors import ModelFailed, StreamBroken
from fimls.models.single_flight import SingleFlight


class Work:
    """Counts how often it is begun; it goes on when it `may_end`, and fails as it is told."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()
        self.error: Exception | None = None
        self.flight: SingleFlight[int] = SingleFlight("counting")

    async def __call__(self) -> int:
        self.begun += 1
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        return self.begun

    def joined(self) -> asyncio.Task[int]:
        return asyncio.ensure_future(self.flight.join(self))


async def turn() -> None:
    """Lets all others have their turn."""
    await asyncio.sleep(0)


async def test_all_who_come_meanwhile_are_told_the_same() -> None:
    work = Work()
    first, second = work.joined(), work.joined()
    await turn()
    work.may_end.set()
    assert [await first, await second] == [1, 1]
    assert not work.flight.is_under_way
    # Who comes later is told anew.
    assert await work.joined() == 2


async def test_who_leaves_does_not_end_it() -> None:
    work = Work()
    impatient, patient = work.joined(), work.joined()
    await turn()
    impatient.cancel()
    await turn()
    work.may_end.set()
    assert (await patient, work.begun) == (1, 1)


async def test_what_goes_wrong_is_told_to_all() -> None:
    work = Work()
    work.error = ModelFailed("no memory")
    work.may_end.set()
    for waiting in (work.joined(), work.joined()):
        with pytest.raises(ModelFailed, match="no memory"):
            await waiting


async def test_who_waits_for_what_is_given_up_is_not_cancelled_with_it() -> None:
    work = Work()
    waiting = work.joined()
    await turn()
    await work.flight.give_up()
    assert not work.flight.is_under_way
    with pytest.raises(StreamBroken, match="counting was given up"):
        await waiting


async def test_giving_up_cancels_before_anybody_waits() -> None:
    work = Work()
    task = work.flight.begin(work)
    await turn()
    work.may_end.set()
    end = work.flight.give_up()
    # It would end well in this turn, had it not been cancelled already.
    await turn()
    await end
    assert task.cancelled()


async def test_what_has_not_begun_is_over() -> None:
    work = Work()
    await work.flight.ended()
    await work.flight.give_up()
    assert work.flight.task is None


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        # A fault of ours is to be found in the log, though nobody waits for the work any more.
        (ValueError("oops"), True),
        # What a model does is no fault of ours.
        (ModelFailed("no memory"), False),
    ],
)
async def test_an_error_that_nobody_waits_for(
    error: Exception, *, logged: bool, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()
    work.error = error
    work.may_end.set()
    work.flight.begin(work)
    await work.flight.ended()
    await turn()
    assert ("counting failed" in caplog.text) is logged

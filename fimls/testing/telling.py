"""How both fake servers tell an answer: event by event, until its fault is due."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from fimls.testing.faults import happen
from fimls.testing.runner import Outcome
from fimls.testing.speech import Ended

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from fimls.testing.faults import Failure, Wording
    from fimls.testing.http_server import Exchange
    from fimls.testing.speech import Event

    Stream = AsyncGenerator[Event, None]


async def told(
    written: Stream,
    tell: Callable[[Stream], Awaitable[Outcome]],
    failure: Failure | None,
    exchange: Exchange,
    wording: Wording,
) -> Outcome:
    """Tells what the model writes, or as much of it as comes before the fault that then happens."""
    if failure is None:
        return await tell(written)
    try:
        async with aclosing(_until_due(written, failure)) as sound:
            return await tell(sound)
    except _FaultIsDueError:
        await happen(failure, exchange, wording)
        return Outcome.FAULT


async def gathered(stream: Stream) -> tuple[str, Ended]:
    """The whole text of an answer, and why it ended."""
    said, ended = "", Ended.STOP
    async for event in stream:
        said += event.text
        ended = event.ended or ended
    return said, ended


class _FaultIsDueError(Exception):
    """Ends a stream where its fault has to happen."""


async def _until_due(written: Stream, failure: Failure) -> Stream:
    sent = 0
    async for event in written:
        if failure.is_due(sent, at_end=event.ended is not None):
            raise _FaultIsDueError
        yield event
        sent += bool(event.text)

"""One question to the model: streamed under the slot, ended at once when nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.errors import StreamBroken
from fimls.models.slot import Outcome, Priority

if TYPE_CHECKING:
    from fimls.models.protocol import Piece
    from fimls.models.slot import Slot, Stream

Source = Callable[[], AsyncGenerator["Piece", None]]
"""Begins to ask."""

Hear = Callable[[str], bool]
"""Given all that has been said so far at each growth; True where that is enough."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a model has said; `is_cut`: it was broken off at its most tokens."""

    text: str
    is_cut: bool = False


async def ask(source: Source, slot: Slot, hear: Hear) -> Said:
    """The whole answer, when the slot has had its turn.

    Cancelling it closes the connection, and returns when it is closed.  Raises `ModelError`.
    """
    stream = slot.start(source, Priority.ACTION)
    try:
        await _listen(stream, hear)
    finally:
        stream.end(Outcome.CANCELLED)
        await stream.closed.wait()
    if stream.error is not None:
        raise stream.error
    if stream.outcome is Outcome.CANCELLED:
        raise StreamBroken("the model was taken away: it is being restarted or exchanged")
    return Said(stream.text, stream.outcome is Outcome.LENGTH)


async def _listen(stream: Stream, hear: Hear) -> None:
    bell = asyncio.Event()
    stream.listeners.append(bell)
    try:
        while not stream.ended:
            await bell.wait()
            bell.clear()
            if hear(stream.text):
                stream.end(Outcome.CUT)
    finally:
        stream.listeners.remove(bell)

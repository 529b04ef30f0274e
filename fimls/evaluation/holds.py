"""How long the event loop is held: the longest of its turns while an author works.

It is the time of the loop's own thread on the processor, so that what else the machine does counts
little.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from time import thread_time
from typing import TYPE_CHECKING, Final

from fimls.evaluation.desk import desk
from fimls.evaluation.gating import spread
from fimls.text.lines import LF, from_lf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.documents.snapshot import Snapshot
    from fimls.evaluation.desk import Desk
    from fimls.evaluation.volume import Middle, Volume
    from fimls.settings import Settings


ROUNDS: Final = 6
"""How often each is done, at another place each time."""

# A document is looked at again so often whether it has been parsed, and given up after so long.
_LOOK_S: Final = 0.02
_MOST_S: Final = 10.0

# What is put off to another turn belongs to what was done.
_TURNS_AFTER: Final = 3


async def times(
    settings: Settings, volume: Volume, eol: str = LF
) -> AsyncIterator[tuple[str, float]]:
    """What was done and how long the loop was held for it at once, in milliseconds.

    A document is opened and asked about before anything of it was parsed; it is parsed at leisure;
    a line is typed that breaks it, key by key; that is parsed at leisure as well; the document is
    closed, and its tree freed.
    """
    chosen = spread(volume.middles, ROUNDS)
    async with desk(settings) as author:
        for number, middle in enumerate((chosen[0], *chosen)):
            line = volume.breaks[number % len(volume.breaks)].strip()
            async for what, time_ms in _round(author, volume, middle, eol, line):
                # Grammars are loaded and code is warm after the first.
                if number:
                    yield what, time_ms


async def _round(
    author: Desk, volume: Volume, middle: Middle, eol: str, line: str
) -> AsyncIterator[tuple[str, float]]:
    text, start = volume.text, middle.start
    author.says(text[start : middle.end])
    holed = from_lf(text[:start] + text[middle.end :], eol)
    async with _longest_turn() as turns:
        author.open(holed, volume.language)
        await author.ask(start)
    yield "loop held: opening, first request", max(turns)
    async with _longest_turn() as turns:
        await _settled(author)
    yield "loop held: first parse", max(turns)
    async with _longest_turn() as turns:
        for offset, key in enumerate(line, start):
            await author.type(offset, key)
            # Each key is a message of its own.
            await asyncio.sleep(0)
    yield "loop held: typing what breaks it", max(turns)
    async with _longest_turn() as turns:
        await _settled(author)
    yield "loop held: parse of broken text", max(turns)
    async with _longest_turn() as turns:
        author.open("", volume.language)
    yield "loop held: closing", max(turns)


async def _settled(author: Desk) -> None:
    """Returns when the document has been parsed, or will not be."""
    waited_s, snap = 0.0, author.snap
    while not _is_done(snap) and waited_s < _MOST_S:
        await asyncio.sleep(_LOOK_S)
        waited_s += _LOOK_S


def _is_done(snap: Snapshot) -> bool:
    last = snap.last_tree
    is_given_up = last.parsing is not None and last.parsing.is_hopeless
    is_parsed = last.tree is not None and last.tree.text == snap.text
    return is_given_up or is_parsed or not snap.can_have_tree


@asynccontextmanager
async def _longest_turn() -> AsyncIterator[list[float]]:
    """The milliseconds of the loop's turns, which are all in the list when it is left."""
    turns: list[float] = []
    ticker = asyncio.ensure_future(_tick(turns))
    await asyncio.sleep(0)
    try:
        yield turns
    finally:
        for _ in range(_TURNS_AFTER):
            await asyncio.sleep(0)
        ticker.cancel()


async def _tick(turns: list[float]) -> None:
    last_s = thread_time()
    while True:
        await asyncio.sleep(0)
        now_s = thread_time()
        turns.append((now_s - last_s) * 1000)
        last_s = now_s

"""How long the event loop is held: the longest of its turns while an author works.

It is the time of the loop's own thread on the processor, so that what else the machine does counts
little.
"""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager
from time import thread_time
from typing import TYPE_CHECKING, Final

from fimls.evaluation.desk import desk
from fimls.evaluation.specimen import BREAKS, specimen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.evaluation.desk import Desk
    from fimls.evaluation.specimen import Specimen
    from fimls.settings import Settings


ROUNDS: Final = 6
"""How often each is done, in another function each time."""

# A document is looked at again so often whether it has been parsed, and given up after so long.
_LOOK_S: Final = 0.02
_MOST_S: Final = 10.0


async def times(settings: Settings, lines: int) -> AsyncIterator[tuple[str, float]]:
    """What was done and how long the loop was held for it at once, in milliseconds.

    A document is opened and asked about before anything of it was parsed; it is parsed at leisure;
    a line is typed that breaks it, key by key; that is parsed at leisure as well.
    """
    file = specimen(lines)
    async with desk(settings) as author:
        for number in range(ROUNDS + 1):
            at = 1 + number * (len(file.functions) - 2) // ROUNDS
            # What the last document leaves behind is no part of this one: 11 ms for a tree of
            # 20,000 lines, which is freed when the document is closed.
            gc.collect()
            async for what, time_ms in _round(author, file, at):
                # Grammars are loaded and code is warm after the first.
                if number:
                    yield what, time_ms


async def _round(author: Desk, file: Specimen, at: int) -> AsyncIterator[tuple[str, float]]:
    function = file.functions[at]
    start, end = function.start + len("    "), function.end - 1
    author.says(file.text[start:end])
    async with _longest_turn() as turns:
        author.open(file.text[:start] + file.text[end:])
        await author.ask(start)
    yield "loop held: opening, first request", max(turns)
    async with _longest_turn() as turns:
        await _settled(author)
    yield "loop held: first parse", max(turns)
    async with _longest_turn() as turns:
        for offset, key in enumerate(BREAKS[at % len(BREAKS)].strip(), start):
            await author.type(offset, key)
            # Each key is a message of its own.
            await asyncio.sleep(0)
    yield "loop held: typing what breaks it", max(turns)
    async with _longest_turn() as turns:
        await _settled(author)
    yield "loop held: parse of broken text", max(turns)


async def _settled(author: Desk) -> None:
    """Returns when the document has been parsed, or will not be."""
    waited_s = 0.0
    last = author.snap.last_tree
    while (last.tree is None or last.tree.text != author.snap.text) and waited_s < _MOST_S:
        await asyncio.sleep(_LOOK_S)
        waited_s += _LOOK_S


@asynccontextmanager
async def _longest_turn() -> AsyncIterator[list[float]]:
    """The milliseconds of the loop's turns, which are all in the list when it is left."""
    turns: list[float] = []
    ticker = asyncio.ensure_future(_tick(turns))
    await asyncio.sleep(0)
    try:
        yield turns
    finally:
        await asyncio.sleep(0)
        ticker.cancel()


async def _tick(turns: list[float]) -> None:
    last_s = thread_time()
    while True:
        await asyncio.sleep(0)
        now_s = thread_time()
        turns.append((now_s - last_s) * 1000)
        last_s = now_s

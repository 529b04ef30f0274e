"""A connection to one of several addresses: the next is tried before the last one has given up.

That is RFC 8305, "Happy Eyeballs".  It is for names whose first address is dead: `localhost` may be
`::1` before it is 127.0.0.1, where Windows takes 2 s to find that nobody listens.  What asyncio has
for it (`happy_eyeballs_delay`) may drop the socket that has won when whoever waits is cancelled,
which typing does all the time, and may have two winners (aio-libs/aiohappyeyeballs#143).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

Made = TypeVar("Made")

NEXT_AFTER_S: Final = 0.25
"""How long an address has before the next one is tried beside it (RFC 8305, §5)."""


async def first_connected(
    addresses: Sequence[str],
    connect: Callable[[str], Coroutine[Any, Any, Made]],
    drop: Callable[[Made], None],
) -> Made:
    """The connection to whichever of the addresses takes one first; all other attempts are ended.

    `drop` is given the connections that nobody wants any more.  Raises the last `OSError` where no
    address takes one, and what else `connect` raises.
    """
    if len(addresses) == 1:
        return await connect(addresses[0])
    waiting = list(addresses)
    started: list[asyncio.Task[Made]] = []
    failed: OSError = ConnectionError("the name has no address")
    try:
        while waiting or any(not task.done() for task in started):
            started += [asyncio.ensure_future(connect(address)) for address in waiting[:1]]
            del waiting[:1]
            for task in await _ended(started, NEXT_AFTER_S if waiting else None):
                try:
                    made = await task
                except OSError as error:
                    failed = error
                else:
                    started.remove(task)
                    return made
    finally:
        await _give_up(started, drop)
    raise failed


async def _ended(
    tasks: Iterable[asyncio.Task[Made]], limit_s: float | None
) -> Iterable[asyncio.Task[Made]]:
    """The attempts that come to an end next, within so many seconds."""
    under_way = [task for task in tasks if not task.done()]
    ended, _ = await asyncio.wait(under_way, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
    return ended


async def _give_up(tasks: Sequence[asyncio.Task[Made]], drop: Callable[[Made], None]) -> None:
    for task in tasks:
        task.cancel()
    for end in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(end, BaseException):
            drop(end)

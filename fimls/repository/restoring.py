"""The names of files as a store has them file by file: for what its postings do not know."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from fimls.repository.store import Names, Row, Store

# Files whose names are read at once: some 20 ms in a thread, and 2 MB.
_TOGETHER: Final = 800

# Characters of names that are taken in one turn of the loop: some 1 ms.
_TURN_CHARS: Final = 8_000


async def with_names(
    store: Store, rows: Iterable[Row], give_way: Callable[[], Awaitable[None]]
) -> AsyncIterator[tuple[Row, bytes, Names]]:
    """Files with their digests and names, without those that are unfit or have no names here.

    Who takes them puts them into dictionaries, so that now and then the loop is given way: a thread
    that is at work would hold it up at each of its turns.
    """
    fit = [(row, row.digest) for row in rows if row.digest is not None]
    taken = 0
    for at in range(0, len(fit), _TOGETHER):
        part = fit[at : at + _TOGETHER]
        names = await asyncio.to_thread(store.names_of, [digest for _, digest in part])
        for row, digest in part:
            known = names.get(digest)
            if known is not None:
                yield row, digest, known
                taken += len(known.used) + len(known.defined)
            if taken > _TURN_CHARS:
                taken = 0
                await give_way()

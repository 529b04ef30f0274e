"""Asking once more where that helps: a busy server in a moment, a stale connection at once."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelBusy, ModelError, StreamBroken
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fimls.clock import Clock
    from fimls.models.protocol import Piece

BUSY_WAIT_S: Final = 1.5
"""After which a busy server that does not say when is asked again (`ollama.md` §5.6: 1 to 2 s)."""

LONGEST_WAIT_S: Final = 2.0
"""Whoever is told to wait longer gives up: the user has typed on by then."""


async def asked_again(
    begin: Callable[[], AsyncGenerator[Piece, None]], clock: Clock
) -> AsyncGenerator[Piece, None]:
    """The pieces of an answer; asked for a second time where the first failed before any came.

    `begin` is called once or twice.  Raises what the second time raises, or the first where
    another one would not help.
    """
    said = False
    try:
        async with aclosing(begin()) as pieces:
            async for piece in pieces:
                said = True
                yield piece
            return
    except ModelError as error:
        wait_s = _wait_s(error)
        if said or wait_s is None:
            raise
    await clock.sleep(wait_s)
    async with aclosing(begin()) as pieces:
        async for piece in pieces:
            yield piece


def _wait_s(error: ModelError) -> float | None:
    """How long to wait before asking again; None where that would not help."""
    if isinstance(error, StreamBroken) and error.condition == Condition.STALE_CONNECTION:
        return 0.0
    if not isinstance(error, ModelBusy):
        return None
    wait_s = BUSY_WAIT_S if error.after_s is None else error.after_s
    return wait_s if wait_s <= LONGEST_WAIT_S else None

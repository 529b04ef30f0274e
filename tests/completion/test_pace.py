"""How fast a model writes, told from the answers that it streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.completion.pace import Pace
from fimls.models.protocol import Piece
from fimls.testing.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


async def speak(clock: VirtualClock, gap_s: float, pieces: int) -> AsyncGenerator[Piece, None]:
    """Pieces of four characters."""
    await clock.sleep(30.0)
    for _piece in range(pieces):
        yield Piece("abcd")
        await clock.sleep(gap_s)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # Nothing has been said yet.
        ([], False),
        # 40 tokens a second, and a tenth of that; however long the reading took before.
        ([(0.025, 20)], False),
        ([(0.25, 20)], True),
        # A few words tell nothing.
        ([(0.25, 5)], False),
        # One slow answer among quick ones.
        ([(0.025, 20), (0.025, 20), (0.5, 20)], False),
    ],
)
async def test_pace(answers: list[tuple[float, int]], expected: bool) -> None:
    clock, pace = VirtualClock(), Pace()

    async def listen(gap_s: float, pieces: int) -> None:
        async for _piece in pace.timed(speak(clock, gap_s, pieces), clock):
            pass

    for gap_s, pieces in answers:
        await clock.drive(listen(gap_s, pieces))

    assert pace.is_slower_than_reading is expected

"""How fast the model writes, from the answers that it has streamed."""

from __future__ import annotations

from collections import deque
from contextlib import aclosing
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fimls.clock import Clock
    from fimls.models.protocol import Piece

# A shorter answer tells more of the network than of the model.
_LEAST_CHARS: Final = 24

# The last answers that count: enough to smooth out a busy moment, few enough to notice a new model.
_ANSWERS: Final = 8

# Adults read 238 words a minute silently (Brysbaert 2019, a meta-analysis of 190 studies), which is
# 24 characters a second with the blanks between them.
_READING_CHARS_PER_S: Final = 24.0


class Pace:
    """The pace of the model: characters a second while it writes."""

    def __init__(self) -> None:
        self._chars_per_s: deque[float] = deque(maxlen=_ANSWERS)

    @property
    def is_slower_than_reading(self) -> bool:
        """Whether the model is known to write more slowly than people read."""
        return bool(self._chars_per_s) and median(self._chars_per_s) < _READING_CHARS_PER_S

    async def timed(
        self, pieces: AsyncGenerator[Piece, None], clock: Clock
    ) -> AsyncGenerator[Piece, None]:
        """The same pieces; their pace is noted, from the first one on."""
        first_s = last_s = 0.0
        chars = -1
        try:
            async with aclosing(pieces) as source:
                async for piece in source:
                    last_s = clock.now()
                    if chars < 0:
                        first_s, chars = last_s, 0
                    else:
                        chars += len(piece.text)
                    yield piece
        finally:
            if chars >= _LEAST_CHARS and last_s > first_s:
                self._chars_per_s.append(chars / (last_s - first_s))

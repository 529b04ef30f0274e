"""Telling at a pace: what grows with every token is told a few times a second, its end always."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from fimls.lsp.language_server import FimlsServer

# Five times a second (contract §4).
_EVERY_S: Final = 0.2


class Pace:
    """Passes the newest text on to `tell`, at most five times a second."""

    def __init__(self, ls: FimlsServer, tell: Callable[[str], None]) -> None:
        self._ls = ls
        self._tell = tell
        self._newest: str | None = None
        self._told: str | None = None
        self._waiting: asyncio.Task[None] | None = None

    def say(self, text: str) -> None:
        """There is a newer text."""
        self._newest = text
        if self._waiting is None or self._waiting.done():
            self._pass_on()
            self._waiting = self._ls.spawn(self._wait())

    def finish(self) -> None:
        """Nothing more comes: what has not been told is told now."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._pass_on()

    async def _wait(self) -> None:
        await self._ls.clock.sleep(_EVERY_S)
        while self._newest is not None:
            self._pass_on()
            await self._ls.clock.sleep(_EVERY_S)

    def _pass_on(self) -> None:
        text, self._newest = self._newest, None
        if text not in (None, self._told):
            self._told = text
            self._tell(text)

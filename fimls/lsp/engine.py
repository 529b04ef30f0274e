"""The completion engine as the server holds it: imported in a thread, after `initialized`."""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from fimls.models.status import State, Status
from fimls.settings import effects

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from fimls.clock import Clock
    from fimls.completion.completer import Completer
    from fimls.context.place import Place
    from fimls.documents.snapshot import Snapshot
    from fimls.models.session import Session
    from fimls.settings import Settings

_log = logging.getLogger(__name__)

# A closing connection or child process may take a moment; an editor that quits does not wait
# longer (VS Code kills a server after 2 s).
_CLOSE_WITHIN_S = 1.5

# What the engine itself imports only when it comes to it: 0.2 s that no completion should wait.
_PRELOADED = ("httpx", "tree_sitter")


@dataclass(frozen=True, slots=True)
class Engine:
    """The completer, and the session that keeps its model ready."""

    completer: Completer
    session: Session


@dataclass(frozen=True, slots=True)
class Wiring:
    """What an engine is made with, and whom it tells."""

    settings: Settings
    clock: Clock
    environ: Mapping[str, str]
    is_current: Callable[[Snapshot], bool]
    on_status: Callable[[Status], None]
    on_more: Callable[[str, int], None]
    look: Callable[[str], Place | None]


def load() -> Callable[[Wiring], Engine]:
    """Imports everything that a completion needs; what it returns makes the engine of it."""
    from fimls.completion.completer import Completer
    from fimls.models import ollama_package
    from fimls.models.session import Session

    for module in _PRELOADED:
        import_module(module)
    ollama_package.load()
    # What is imported stays for ever; a collection that need not look at it takes no time.
    gc.freeze()
    gc.enable()

    def make(wiring: Wiring) -> Engine:
        session = Session(wiring.settings, wiring.clock, wiring.environ, wiring.on_status)
        completer = Completer(
            wiring.settings,
            session,
            wiring.clock,
            wiring.is_current,
            wiring.on_more,
            wiring.look,
        )
        return Engine(completer, session)

    return make


async def _at_once() -> None:
    return None


class LateEngine:
    """An engine that is there a moment after it is asked for.

    `load` runs in a thread; `wire` is called when it has ended, so that the engine begins with
    the settings of that moment.
    """

    def __init__(
        self, wire: Callable[[], Wiring], load: Callable[[], Callable[[Wiring], Engine]]
    ) -> None:
        self._wire = wire
        self._load = load
        self._making: asyncio.Task[Engine] | None = None
        self._made: Engine | None = None
        self._settings: Settings | None = None
        self._configuring = asyncio.Lock()

    @property
    def made(self) -> Engine | None:
        """The engine, if it is there already."""
        return self._made

    def start(self, after: Callable[[], Awaitable[object]] = _at_once) -> asyncio.Task[Engine]:
        """Begins to make the engine, which is made `after` something else is done too."""
        if self._making is None:
            self._making = asyncio.ensure_future(self._make(after))
        return self._making

    async def ready(self) -> Engine:
        """The engine; whoever waits for it may be cancelled without harm to it."""
        if self._made is not None:
            return self._made
        return await asyncio.shield(self.start())

    async def configure(self, settings: Settings) -> None:
        """Works with other settings; an engine that is not there yet begins with the newest."""
        async with self._configuring:
            old, self._settings = self._settings, settings
            if self._made is None or old is None or old == settings:
                return
            await self._made.completer.configure(settings, effects(old, settings))

    async def close(self) -> None:
        """Ends everything under way, and the model's process with it."""
        if self._making is not None and self._made is None:
            self._making.cancel()
        engine, self._made = self._made, None
        if engine is not None:
            closing = asyncio.ensure_future(_close(engine))
            await asyncio.wait([closing], timeout=_CLOSE_WITHIN_S)

    async def _make(self, after: Callable[[], Awaitable[object]]) -> Engine:
        try:
            return await self._make_it(after)
        except Exception as error:
            _log.exception("the completion engine cannot be made")
            self._wire().on_status(_broken(error))
            raise

    async def _make_it(self, after: Callable[[], Awaitable[object]]) -> Engine:
        make = await asyncio.to_thread(self._load)
        await after()
        wiring = self._wire()
        self._settings = wiring.settings
        self._made = make(wiring)
        self._made.session.start()
        return self._made


def _broken(error: Exception) -> Status:
    message = f"fimls cannot complete here: {error}"
    return Status(State.ERROR, message=message, fix="install fimls anew, with all it needs")


async def _close(engine: Engine) -> None:
    await engine.completer.close()
    await engine.session.close()

"""An engine that answers as a test wants, and notes what it was told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from fimls.completion.values import Completion as Shown
from fimls.completion.values import Reason, Skip
from fimls.lsp.engine import Engine, Wiring
from fimls.models.status import State, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.completion.completer import Completer
    from fimls.completion.trace import Trace
    from fimls.completion.values import Answer, Ask
    from fimls.documents.snapshot import Snapshot
    from fimls.models.session import Session
    from fimls.settings import Effect, Settings

READY = Status(State.READY, "ollama", "codellama:7b-code", "http://127.0.0.1:11434")
LOADING = Status(State.STARTING, READY.backend, READY.model, READY.host, message="loading it")


def says(text: str, *, replaces: int = 0, ident: int = 7) -> Callable[[Ask], Answer]:
    """Answers with a text at the cursor."""
    return lambda ask: Shown(text, ask.hole.offset, ask.hole.offset + replaces, ident)


def shows_nothing(_ask: Ask) -> Answer:
    """Answers that there is nothing to show."""
    return Skip(Reason.EMPTY)


@dataclass
class FakeCompleter:
    """Answers with `answer`, as soon as `gate` is open."""

    wiring: Wiring
    answer: Callable[[Ask], Answer]
    gate: asyncio.Event
    asked: list[Ask] = field(default_factory=list)
    seen: list[Snapshot] = field(default_factory=list)
    moved: list[Snapshot] = field(default_factory=list)
    freed: list[str] = field(default_factory=list)
    configured: list[tuple[Settings, frozenset[Effect]]] = field(default_factory=list)
    traces: dict[str, Trace] = field(default_factory=dict)
    cancelled: int = 0
    looks_again: int = 0
    is_closed: bool = False

    async def complete(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.answer(ask)

    def opened(self, snap: Snapshot) -> None:
        self.seen.append(snap)

    def changed(self, snap: Snapshot) -> None:
        self.moved.append(snap)

    def known_anew(self) -> None:
        self.looks_again += 1

    def closed(self, uri: str) -> None:
        self.freed.append(uri)

    def last(self, uri: str) -> Trace | None:
        return self.traces.get(uri)

    async def configure(self, settings: Settings, effects: frozenset[Effect]) -> None:
        self.configured.append((settings, effects))

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class FakeSession:
    """Notes what it was told."""

    starts: int = 0
    restarts: int = 0
    looks: int = 0
    is_closed: bool = False

    def start(self) -> None:
        self.starts += 1

    async def restart(self) -> None:
        self.restarts += 1

    def look(self) -> None:
        self.looks += 1

    async def close(self) -> None:
        self.is_closed = True


class Workshop:
    """Makes fake engines; its parts may be set before and looked at afterwards."""

    def __init__(self) -> None:
        self.answer: Callable[[Ask], Answer] = shows_nothing
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None
        self.session = FakeSession()
        self.completers: list[FakeCompleter] = []

    @property
    def completer(self) -> FakeCompleter:
        """The completer of the engine that was made."""
        return self.completers[-1]

    @property
    def wiring(self) -> Wiring:
        """What the engine was made with."""
        return self.completer.wiring

    def load(self) -> Callable[[Wiring], Engine]:
        """Stands in for `fimls.lsp.engine.load`."""
        if self.fault is not None:
            raise self.fault
        return self._make

    def _make(self, wiring: Wiring) -> Engine:
        answer = lambda ask: self.answer(ask)  # noqa: E731  (a test may set it later)
        self.completers.append(FakeCompleter(wiring, answer, self.gate))
        return Engine(cast("Completer", self.completer), cast("Session", self.session))

"""The completer: completion as the server and the command line use it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from fimls.completion.ahead import look_ahead, look_at
from fimls.completion.debounce import Rhythm
from fimls.completion.engine import complete
from fimls.completion.env import Env
from fimls.completion.listen import weigh
from fimls.completion.maps import Maps, budget_for
from fimls.completion.refuse import refuse
from fimls.completion.rereading import read_again
from fimls.completion.runs import Runs
from fimls.completion.trace import Recorder
from fimls.completion.values import Completion, Overtaken
from fimls.models.slot import Outcome, Slot
from fimls.models.status import Status
from fimls.settings import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.clock import Clock
    from fimls.completion.maps import Apart, Look
    from fimls.completion.trace import Trace
    from fimls.completion.values import Answer, Ask
    from fimls.documents.snapshot import Snapshot
    from fimls.models.protocol import Model
    from fimls.models.session import Session
    from fimls.settings import Settings

# The last trace of this many documents is kept, for "why did I see nothing?".
_TRACES = 64

# A pause after which the next key is not awaited: no key repeats so slowly.
_PAUSE_S = 0.3


def _always(_snap: Snapshot) -> bool:
    return True


def _ignore(_uri: str, _version: int) -> None:
    return None


def _nowhere(_uri: str) -> None:
    return None


class Completer:
    """Completes holes in documents with the model of a session, one generation at a time.

    `is_current` and `on_more` are as in `Env`; `look` and `apart` are as in `Maps`.
    """

    def __init__(
        self,
        settings: Settings,
        session: Session,
        clock: Clock,
        is_current: Callable[[Snapshot], bool] = _always,
        on_more: Callable[[str, int], None] = _ignore,
        look: Look = _nowhere,
        apart: Apart = asyncio.to_thread,
    ) -> None:
        self._env = Env(
            settings=settings,
            session=session,
            slot=Slot(on_busy=session.busy),
            runs=Runs(),
            rhythm=Rhythm(),
            clock=clock,
            is_current=is_current,
            on_more=on_more,
            maps=Maps(look, clock, apart),
        )
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._asked: tuple[Ask, Model] | None = None
        self._closed = False

    async def complete(self, ask: Ask) -> Answer:
        """The answer to a question; raises nothing but `CancelledError`, when it is taken back."""
        return (await self.traced(ask)).answer

    async def traced(self, ask: Ask) -> Trace:
        """The answer to a question with the way it came about, which is kept as `last`."""
        record = Recorder(ask, self._env.clock)
        if self._closed:
            return record.done(Overtaken())
        trace = record.done(await complete(ask, self._env, record))
        if self._env.is_current(ask.snap):
            self._asked = None if record.model is None else (ask, record.model)
            self._env.spawn_only(ask.snap.uri, self._settle(ask, record.model))
            self._keep(trace)
            if isinstance(trace.answer, Completion) and record.run and record.model:
                look_ahead(ask, trace.answer, record.run, record.model, self._env)
        elif ask.snap.uri in self._traces:
            # The document has moved on; if it had been closed, `closed` would have forgotten it.
            self._keep(trace)
        return trace

    async def looks_around(self, ask: Ask) -> bool:
        """Whether the model is shown other files for a question, once they are known."""
        if refuse(ask, self._env.settings) is not None:
            return False
        model = await self._env.session.ready(explicit=ask.explicit)
        known = None if isinstance(model, Status) else model.capabilities
        return known is not None and budget_for(known, self._env.settings) > 0

    def opened(self, snap: Snapshot) -> None:
        """Notes that a document has been opened: its author may be about to go on in it."""
        if not self._closed:
            self._env.spawn_only("opened", look_at(snap, self._env))

    def changed(self, snap: Snapshot) -> None:
        """Notes that a document has moved on: what disagrees with it now is ended in a moment."""
        size = len(snap.text)
        grown = size - self._sizes.get(snap.uri, size)
        self._sizes[snap.uri] = size
        self._env.rhythm.key(self._env.clock.now(), grown=grown)
        self._env.maps.come(snap.uri)
        for run in self._env.runs.under_way(snap.uri):
            weigh(run, snap, self._env)
        self._ring(snap.uri)

    def closed(self, uri: str) -> None:
        """Forgets a document; what is under way for it is ended."""
        self._env.runs.drop(uri)
        self._env.windows.pop(uri, None)
        self._env.maps.drop(uri)
        if self._asked is not None and self._asked[0].snap.uri == uri:
            self._asked = None
        if (reading := self._env.readings.pop(uri, None)) is not None:
            reading.end(Outcome.CANCELLED)
        self._traces.pop(uri, None)
        self._sizes.pop(uri, None)
        self._ring(uri)

    @property
    def slot(self) -> Slot:
        """Where generations happen; actions share it, so that there is never more than one."""
        return self._env.slot

    def known_anew(self) -> None:
        """Notes that more is known of the repository, or something else, than before."""
        if self._asked is not None and not self._closed:
            ask, model = self._asked
            self._env.spawn_only(ask.snap.uri, self._settle(ask, model))

    def last(self, uri: str) -> Trace | None:
        """How the last completion of a document came about."""
        return self._traces.get(uri)

    async def configure(self, settings: Settings, effects: frozenset[Effect]) -> None:
        """Works with other settings from now on."""
        self._env.settings = settings
        if effects:
            self._env.runs.drop()
            self._env.maps.drop()
        if Effect.RESTART_MODEL in effects:
            await self._env.slot.close()
        await self._env.session.configure(settings)

    async def close(self) -> None:
        """Ends everything under way and waits until all connections are closed."""
        self._closed = True
        self._env.runs.drop()
        self._env.maps.close()
        tasks = list(self._env.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._env.slot.close()

    def _keep(self, trace: Trace) -> None:
        self._traces[trace.ask.snap.uri] = trace
        self._traces.move_to_end(trace.ask.snap.uri)
        while len(self._traces) > _TRACES:
            self._traces.popitem(last=False)

    async def _settle(self, ask: Ask, model: Model | None) -> None:
        """Does what is for later, once the author pauses.

        A document that is not in order is parsed, piece by piece, and the server reads what the
        next request would make it read.
        """
        snap = ask.snap
        await self._env.clock.sleep(_PAUSE_S)
        if model is not None and self._env.is_current(snap):
            env = self._env
            await env.maps.renew(ask, model.capabilities, env.settings, env.is_current)
            if env.is_current(snap):
                read_again(ask, model, env)
        while self._env.is_current(snap) and snap.settle():
            # Whatever else there is to do comes first.
            await self._env.clock.sleep(0)

    def _ring(self, uri: str) -> None:
        for bell in self._env.bells.get(uri, ()):
            bell.set()

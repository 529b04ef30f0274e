"""The slot: one generation at a time for a model, the newest question first.

A model behind Ollama works on one request and lets the others wait without a word (`ollama.md`
§0.8), so fimls never has two under way: whoever comes later ends or waits for whoever is there, by
the table of `_ENDS`, and a new request is sent only when the connection of the old one is closed.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from fimls.errors import ModelError, ModelFailed, StreamBroken
from fimls.models.single_flight import SingleFlight

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fimls.models.protocol import Piece

    Source = Callable[[], AsyncGenerator[Piece, None]]

_log = logging.getLogger(__name__)


class Priority(IntEnum):
    """Who asks; a higher number goes first."""

    AHEAD = 0
    ACTION = 1
    AUTOMATIC = 2
    EXPLICIT = 3


# Which running generations a new one may end.  An action is never ended by typing, and what the
# user asked for by a key is not ended by what asks for itself.
_ENDS: dict[Priority, frozenset[Priority]] = {
    Priority.AHEAD: frozenset(),
    Priority.ACTION: frozenset({Priority.AHEAD}),
    Priority.AUTOMATIC: frozenset({Priority.AHEAD, Priority.AUTOMATIC}),
    Priority.EXPLICIT: frozenset({Priority.AHEAD, Priority.AUTOMATIC, Priority.EXPLICIT}),
}

# What does not wait for an action to end, but is told at once that the model is busy.
_WAITS_FOR_NO_ACTION = frozenset({Priority.AHEAD, Priority.AUTOMATIC})

_COMPLETIONS = frozenset({Priority.AUTOMATIC, Priority.EXPLICIT})


class Outcome(StrEnum):
    """How a stream came to its end."""

    DONE = "done"
    LENGTH = "length"
    CUT = "cut"
    CANCELLED = "cancelled"
    FAILED = "failed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Token:
    """A token with a known probability, and where it stands in the stream's text.

    Tokens that came together stand at the same place: that of the piece that they make up.
    """

    begin: int
    end: int
    logprob: float


class Stream:
    """What a model says in answer to one request, as it grows.

    Whoever wants to know of changes adds an event to `listeners`; they are set at each growth and
    at the end, in the order in which they came: who asked first goes on first.
    """

    def __init__(self, priority: Priority, source: Source) -> None:
        self.priority = priority
        self.text = ""
        self.tokens: list[Token] = []
        self.outcome: Outcome | None = None
        self.error: ModelError | None = None
        self.listeners: list[asyncio.Event] = []
        self.closed = asyncio.Event()
        self._source = source
        self._pump: asyncio.Task[None] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.outcome is not None

    def end(self, outcome: Outcome) -> None:
        """Ends the stream from our side: `CUT` if it has said enough, else `CANCELLED`."""
        if self.ended:
            return
        self._finish(outcome)
        if self._pump is None:
            self._over()
        else:
            self._pump.cancel()

    async def run(self) -> None:
        """Asks the model and listens to the end; returns when the connection is closed."""
        if self.ended:
            return
        self._pump = asyncio.ensure_future(self._listen())
        try:
            await asyncio.wait([self._pump])
            if not self.ended:
                # Something that the model waited for was cancelled, and not by us.
                self._fail(StreamBroken("the model's answer was cancelled"))
        finally:
            self._pump.cancel()
            self._over()

    def _over(self) -> None:
        # The text is kept for long, but what it was asked with is not: a question holds the whole
        # document and its tree, 100 kB in a file of 200 lines.  A task that was cancelled has the
        # traceback, and with it all that was on its stack.
        self._source, self._pump = _silence, None
        self.closed.set()

    async def _listen(self) -> None:
        try:
            async with aclosing(self._source()) as pieces:
                async for piece in pieces:
                    self._grow(piece)
                    if self.ended:
                        return
            self._fail(StreamBroken("the model's answer broke off"))
        except ModelError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001  (a fault of ours must reach whoever waits)
            _log.exception("a model's stream raised what it should not")
            self._fail(ModelFailed(f"{type(error).__name__}: {error}"))

    def _grow(self, piece: Piece) -> None:
        if self.ended:
            return
        begin = len(self.text)
        self.text += piece.text
        self.tokens += [Token(begin, len(self.text), logprob) for logprob in piece.logprobs]
        if piece.end is not None:
            self._finish(Outcome.LENGTH if piece.end.value == "length" else Outcome.DONE)
            return
        self._ring()

    def _fail(self, error: ModelError) -> None:
        if self.ended:
            return
        self.error = error
        self._finish(Outcome.FAILED)

    def _finish(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._ring()

    def _ring(self) -> None:
        for event in self.listeners:
            event.set()


async def _silence() -> AsyncGenerator[Piece, None]:
    """The source of a stream that will not be asked again."""
    nothing: tuple[Piece, ...] = ()
    for piece in nothing:
        yield piece


class Slot:
    """The place where generations of one model happen, one after the other."""

    def __init__(self, on_busy: Callable[[bool], None] = lambda _busy: None) -> None:
        self._on_busy = on_busy
        self._running: Stream | None = None
        self._waiting: list[Stream] = []
        self._worker: SingleFlight[None] = SingleFlight("generating")

    @property
    def running(self) -> Stream | None:
        """The stream under way, if there is one."""
        return self._running

    @property
    def is_idle(self) -> bool:
        """Whether nobody has the model, or waits for it."""
        return all(stream.ended for stream in self._held())

    @property
    def is_free(self) -> bool:
        """Whether nobody has the model, or waits for it, who could not be ended by anybody."""
        return all(each.ended or each.priority is Priority.AHEAD for each in self._held())

    def start(self, source: Source, priority: Priority) -> Stream:
        """Asks for a generation; the stream begins when the slot is free.

        Completions that still wait are overtaken by a newer one: only the newest is of interest.
        The stream's outcome is `BUSY` at once where this kind does not wait for an action.
        """
        stream = Stream(priority, source)
        if self._busy_for(priority):
            stream.end(Outcome.BUSY)
            return stream
        self._overtake(priority)
        self._waiting.append(stream)
        self._worker.begin(self._work)
        return stream

    async def close(self) -> None:
        """Ends everything and waits until all connections are closed.

        What is begun meanwhile is not waited for: while somebody types, that would not end.
        """
        held = self._held()
        for stream in held:
            stream.end(Outcome.CANCELLED)
        for stream in held:
            await stream.closed.wait()

    def _busy_for(self, priority: Priority) -> bool:
        if priority not in _WAITS_FOR_NO_ACTION:
            return False
        return any(each.priority is Priority.ACTION and not each.ended for each in self._held())

    def _held(self) -> list[Stream]:
        return [*self._waiting, *([self._running] if self._running else [])]

    def _overtake(self, priority: Priority) -> None:
        running = self._running
        if running is not None and running.priority in _ENDS[priority]:
            running.end(Outcome.CANCELLED)
        for stream in self._waiting:
            if stream.priority in _ENDS[priority] & (_COMPLETIONS | {Priority.AHEAD}):
                stream.end(Outcome.CANCELLED)

    async def _work(self) -> None:
        self._on_busy(True)
        try:
            while self._next() is not None:
                await self._serve()
        finally:
            self._on_busy(False)

    def _next(self) -> Stream | None:
        self._waiting = [stream for stream in self._waiting if not stream.ended]
        return max(self._waiting, key=lambda stream: stream.priority, default=None)

    async def _serve(self) -> None:
        stream = self._next()
        if stream is None:
            return
        self._waiting.remove(stream)
        self._running = stream
        try:
            await stream.run()
        finally:
            self._running = None

"""A model that says what a test tells it to, at the test's pace, and notes how it was treated.

It has the shape of `fimls.models.protocol.Model` without knowing that module: the pieces that it
streams are made by a function of the caller's.

    model = ScriptedModel(
        Piece, Piece("", end=End.STOP), Capabilities(...), answer=["total", " + 1"]
    )
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast, runtime_checkable

from fimls.testing.clock import RealClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fimls.testing.clock import Clock

P = TypeVar("P")
C = TypeVar("C")


@runtime_checkable
class Prompted(Protocol):
    """A request for raw text, such as `fimls.models.protocol.Generation`."""

    @property
    def prompt(self) -> str:
        """What the model goes on from."""
        ...


class Said(Protocol):
    """A message of a chat."""

    @property
    def content(self) -> str:
        """Its text."""
        ...


class Conversation(Protocol):
    """A request in the form of a chat, such as `fimls.models.protocol.Chat`."""

    @property
    def messages(self) -> Sequence[Said]:
        """The messages so far."""
        ...


@runtime_checkable
class Gate(Protocol):
    """Something that holds the model until a test opens it, such as an `asyncio.Event`."""

    async def wait(self) -> object:
        """Returns when it is open."""
        ...


@dataclass(frozen=True, slots=True)
class Pause:
    """The model is silent for that long, on the clock that it was given."""

    seconds: float


class Break(Enum):
    """The stream ends without its last piece, as when a server dies."""

    OFF = "off"


Step = str | Pause | Gate | BaseException | Break
"""What a model does next: say a chunk, be silent, wait for a gate, raise, or break off.

A step that is none of these is a piece made by the test, and streamed as it is.
"""

Script = Iterable[Step | Any]
Answer = Callable[[str], "str | Script"]
"""Given the prompt (of a chat: its messages' contents, separated by blank lines), what to do."""


# Compared by identity, as models are: two that say the same are two.
@dataclass(eq=False)
class ScriptedModel(Generic[P, C]):
    """A model in a test's hands.

    `make_piece` makes a piece of the protocol from text, and `end` is the piece that ends a whole
    answer.  `answer` is a text, a script, or a function from the prompt to either; `loading` is
    what happens in `warm_up`, and `closing` while a stream closes (a connection takes a moment).
    The attributes below `host` are for tests to look at.
    """

    make_piece: Callable[[str], P]
    end: P
    capabilities: C
    answer: str | Script | Answer = ""
    clock: Clock = field(default_factory=RealClock)
    loading: Script = ()
    closing: Script = (Pause(0),)
    name: str = "scripted"
    backend: str = "ollama"
    host: str = "http://127.0.0.1:11434"
    requests: list[Any] = field(default_factory=list, init=False)
    """All requests, in the form that the caller of `generate` and `chat` gave them."""
    open: int = field(default=0, init=False)
    """Streams under way."""
    max_open: int = field(default=0, init=False)
    """The most streams that were under way at once."""
    finished: int = field(default=0, init=False)
    """Streams that were listened to until they ended by themselves, or raised."""
    cancelled: int = field(default=0, init=False)
    """Streams that were closed before their end."""
    warm_ups: int = field(default=0, init=False)
    """How often `warm_up` was called."""
    is_warm: bool = field(default=False, init=False)
    """Whether a `warm_up` has come to its end."""
    is_closed: bool = field(default=False, init=False)
    """Whether `close` was called."""

    @property
    def prompts(self) -> list[str]:
        """The prompts of all requests."""
        return [prompt_of(request) for request in self.requests]

    @property
    def closed(self) -> int:
        """Streams that are over, in whatever way."""
        return self.finished + self.cancelled

    def generate(self, request: Prompted) -> AsyncGenerator[P, None]:
        """Streams the answer to a raw prompt."""
        return self._stream(request, request.prompt)

    def chat(self, request: Conversation) -> AsyncGenerator[P, None]:
        """Streams the answer to a chat."""
        return self._stream(request, prompt_of(request))

    async def warm_up(self) -> None:
        """Goes through the steps of `loading`."""
        self.warm_ups += 1
        await self._wait(self.loading)
        self.is_warm = True

    async def close(self) -> None:
        """Notes that it was called."""
        self.is_closed = True

    async def _stream(
        self, request: Prompted | Conversation, prompt: str
    ) -> AsyncGenerator[P, None]:
        self.requests.append(request)
        self.open += 1
        self.max_open = max(self.max_open, self.open)
        cut = False
        try:
            for step in self._script(prompt):
                if step is Break.OFF:
                    return
                if not await self._waited(step):
                    yield self.make_piece(step) if isinstance(step, str) else cast("P", step)
            yield self.end
        except (GeneratorExit, asyncio.CancelledError):
            cut = True
            raise
        finally:
            try:
                await self._wait(self.closing)
            finally:
                # Whoever does not wait for the end of a closing connection has none any more.
                self.open -= 1
                self.cancelled += cut
                self.finished += not cut

    def _script(self, prompt: str) -> Script:
        said = self.answer(prompt) if callable(self.answer) else self.answer
        return [said] if isinstance(said, str) else said

    async def _wait(self, script: Script) -> None:
        for step in script:
            await self._waited(step)

    async def _waited(self, step: object) -> bool:
        """Does what makes the caller wait or raises; False where there is something to say."""
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, Pause):
            await self.clock.sleep(step.seconds)
            return True
        if isinstance(step, Gate):
            await step.wait()
            return True
        return False


def prompt_of(request: Prompted | Conversation) -> str:
    """A raw prompt, or a chat's contents with blank lines between them."""
    if isinstance(request, Prompted):
        return request.prompt
    return "\n\n".join(message.content for message in request.messages)

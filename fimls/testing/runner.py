"""The loaded model of a fake server: how fast it reads and writes, what it remembers, who waits.

Sources of the behaviour: `ollama.md` §1.7 (cancellation) and §1.8 (prefix cache), `peer-bench.md`
§1 (the paces measured with).
"""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from fimls.testing.speech import CHARACTERS_PER_TOKEN
from fimls.text.sharing import shared

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable

    from fimls.testing.clock import Clock
    from fimls.testing.speech import Event

R = TypeVar("R")

# llama-server keeps 8 GiB of prompts, far more than any test reads.
_SAVED_PROMPTS: Final = 256


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a fake model is; zero means at once.

    `notice_s`: how often a reading model looks whether its client is still there (llama-server:
    once a second).  0 means that it does not look before it has read to the end, as Ollama before
    0.30.
    """

    load_s: float = 0.0
    read_tokens_per_s: float = 0.0
    write_tokens_per_s: float = 0.0
    notice_s: float = 1.0

    def reading_s(self, characters: int) -> float:
        """How long it takes to read that much."""
        return _seconds(characters / CHARACTERS_PER_TOKEN, self.read_tokens_per_s)

    def writing_s(self, tokens: int) -> float:
        """How long it takes to write that much."""
        return _seconds(tokens, self.write_tokens_per_s)

    def noticed_s(self, elapsed_s: float, total_s: float) -> float:
        """When, from the start of reading on, it is noticed that the client left."""
        if self.notice_s <= 0:
            return total_s
        return min(math.ceil(elapsed_s / self.notice_s) * self.notice_s, total_s)


# The machine of `peer-bench.md` §1: a small model on a good processor, always loaded.
TYPICAL: Final = Pace(read_tokens_per_s=600.0, write_tokens_per_s=40.0)


class Outcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAULT = "fault"


@dataclass(slots=True)
class Served(Generic[R]):
    """What a server did for one request; characters and seconds."""

    request: R
    cached: int = 0
    """Characters of the prompt that it knew already."""
    read: int = 0
    """Characters of the prompt that it read."""
    written: str = ""
    """What it said."""
    tokens: int = 0
    """The tokens that this took, those of stop strings among them."""
    written_at_s: list[tuple[int, float]] = field(default_factory=list)
    """How many characters it had said, and when, each time that it said some."""
    arrived_s: float = 0.0
    started_s: float | None = None
    """When the request got the slot; None where it never did."""
    busy_s: float = 0.0
    """How long it held the slot."""
    outcome: Outcome | None = None
    """None while it is under way."""


@dataclass
class Runner:
    """A loaded model: some slots, the first come is the first served, and what it has read.

    `saves_prompts`: a prompt that another one displaces is kept and found again.
    """

    clock: Clock
    pace: Pace
    slots: int = 1
    saves_prompts: bool = True
    held: str = ""
    """The last prompt and what was said to it."""
    saved: list[str] = field(default_factory=list)
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.slots)

    @asynccontextmanager
    async def slot(self, served: Served[R]) -> AsyncIterator[None]:
        """Waits for a slot and holds it."""
        async with self._free:
            served.started_s = self.clock.now()
            try:
                yield
            finally:
                served.busy_s = self.clock.now() - served.started_s

    async def read(self, prompt: str, served: Served[R]) -> None:
        """Reads what it does not know of the prompt; at least the last token, as llama-server."""
        known = self.known(prompt)
        served.cached = min(known, max(len(prompt) - CHARACTERS_PER_TOKEN, 0))
        unknown = len(prompt) - served.cached
        start, total_s = self.clock.now(), self.pace.reading_s(unknown)
        try:
            await self.clock.sleep(total_s)
            served.read = unknown
        except asyncio.CancelledError:
            await self._linger(start, total_s)
            elapsed_s = self.clock.now() - start
            served.read = int(unknown * min(elapsed_s / total_s, 1.0)) if total_s else 0
            raise
        finally:
            self.held = prompt[: served.cached + served.read]

    async def write(
        self, events: Iterable[Event], served: Served[R]
    ) -> AsyncGenerator[Event, None]:
        """Says what is in the events, each when the tokens up to it are written."""
        start = self.clock.now()
        for event in events:
            due = start + self.pace.writing_s(served.tokens + event.tokens)
            await self.clock.sleep(max(due - self.clock.now(), 0.0))
            served.tokens += event.tokens
            served.written += event.text
            served.written_at_s.append((len(served.written), self.clock.now()))
            self.held += event.text
            yield event

    async def _linger(self, start: float, total_s: float) -> None:
        """Goes on reading for nobody until it is noticed; the slot is not free before."""
        elapsed_s = self.clock.now() - start
        await self.clock.sleep(self.pace.noticed_s(elapsed_s, total_s) - elapsed_s)

    def known(self, prompt: str) -> int:
        """How much of the prompt is known; saves what the prompt displaces by more than half."""
        alike = shared(prompt, self.held)
        if not self.saves_prompts:
            return alike
        if self.held and alike < len(self.held) / 2:
            self.saved = [*self.saved, self.held][-_SAVED_PROMPTS:]
        return max([alike, *(shared(prompt, text) for text in self.saved)])


def _seconds(amount: float, per_second: float) -> float:
    return amount / per_second if per_second > 0 else 0.0

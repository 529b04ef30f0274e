"""A server that many editors share, as a simulation of events: continuous batching, one GPU.

Time goes in steps.  In a step each sequence that has read its prompt writes a token, and prompts
are read with what is left of the step's tokens, first come first served; a step takes

    1 / write + crowding · (sequences - 1) + tokens read / read

so that one request on an idle server takes exactly its reading and its writing.  Sequences are
admitted in their order while there are places and room in the cache; who has left is dropped before
the next step.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil, inf
from typing import TYPE_CHECKING, Final

from fimls.evaluation.scale_cache import PromptCache
from fimls.evaluation.scale_tokens import BLOCK_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.scale_cache import Lease

# Times closer than this are the same; sums of steps are not exact.
_SAME_S: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Server:
    """A server's figures; where the defaults come from is in `scale_figures`.

    `read` and `write` are tokens a second of a server with nothing else to do; `crowding_s` is
    what each further sequence adds to a step.  `slots` is how many sequences there are at once,
    `cache_tokens` the room for the keys and values of all, `step_tokens` the tokens of a step.
    `keeps_prompts`: prefix caching.  `drops_reading`: a prompt whose author has left is not read
    to its end.
    """

    read: float
    write: float
    crowding_s: float
    slots: int
    cache_tokens: int
    step_tokens: int = 2048
    keeps_prompts: bool = True
    drops_reading: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that comes at a time and is of no interest any more from `leaves_s` on.

    `blocks` are those of the prompt and of what is said after it; `line` and `wants` are how many
    tokens the first line and the whole answer have.
    """

    at_s: float
    prompt: int
    blocks: tuple[int, ...]
    line: int
    wants: int
    leaves_s: float = inf


@dataclass
class Served:
    """What became of a request; times are absolute, None where it did not come to that."""

    arrival: Arrival
    first_s: float | None = None
    line_s: float | None = None
    done_s: float | None = None
    left_s: float | None = None
    found: int = 0
    read: int = 0
    wrote: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """All requests in the order of their arrival, and how long the server worked, in seconds."""

    served: tuple[Served, ...]
    worked_s: float


def simulate(arrivals: Sequence[Arrival], server: Server) -> Run:
    """What becomes of the requests, which are in the order of their times."""
    return _Engine(server, arrivals).run()


@dataclass
class _Sequence:
    """A request under way: `unread` tokens of its prompt are still to be read."""

    served: Served
    lease: Lease
    unread: int

    @property
    def to_milestone(self) -> int:
        """Tokens to the next moment that counts: the end of the first line, or of all."""
        wrote, arrival = self.served.wrote, self.served.arrival
        return (arrival.line if wrote < arrival.line else arrival.wants) - wrote


@dataclass
class _Engine:
    server: Server
    arrivals: Sequence[Arrival]
    now: float = 0.0
    worked_s: float = 0.0
    come: int = 0
    served: list[Served] = field(default_factory=list)
    waiting: deque[Served] = field(default_factory=deque)
    running: list[_Sequence] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cache = PromptCache(self.server.cache_tokens // BLOCK_TOKENS)

    def run(self) -> Run:
        while self._bring():
            self._drop()
            self._admit()
            if self.running:
                self._step()
        return Run(tuple(self.served), self.worked_s)

    def _bring(self) -> bool:
        """Lets come who is due, or waits for the next one; False when all is done."""
        if not (self.running or self.waiting):
            if self.come == len(self.arrivals):
                return False
            self.now = max(self.now, self.arrivals[self.come].at_s)
        while self._next_s <= self.now + _SAME_S:
            served = Served(self.arrivals[self.come])
            self.served.append(served)
            self.waiting.append(served)
            self.come += 1
        return True

    @property
    def _next_s(self) -> float:
        return self.arrivals[self.come].at_s if self.come < len(self.arrivals) else inf

    def _drop(self) -> None:
        """Lets go of those whose authors have left."""
        for sequence in [each for each in self.running if self._has_left(each.served)]:
            if self.server.drops_reading or not sequence.unread:
                self._end(sequence)
                sequence.served.left_s = self.now
        for served in [each for each in self.waiting if self._has_left(each)]:
            self.waiting.remove(served)
            served.left_s = self.now

    def _has_left(self, served: Served) -> bool:
        return served.arrival.leaves_s <= self.now + _SAME_S

    def _admit(self) -> None:
        while self.waiting and len(self.running) < self.server.slots:
            arrival = self.waiting[0].arrival
            total = ceil((arrival.prompt + arrival.wants) / BLOCK_TOKENS)
            # At least one token is always read: what comes next is known only from that.
            most = (arrival.prompt - 1) // BLOCK_TOKENS if self.server.keeps_prompts else 0
            lease = self.cache.begin(arrival.blocks[:most], total)
            if lease is None and self.running:
                return
            served = self.waiting.popleft()
            if lease is None:
                # Not even an idle server has room for it.
                served.left_s = self.now
                continue
            served.found = len(lease.found) * BLOCK_TOKENS
            self.running.append(_Sequence(served, lease, arrival.prompt - served.found))

    def _step(self) -> None:
        writing = [each for each in self.running if not each.unread]
        room = self.server.step_tokens - len(writing)
        chunks: list[tuple[_Sequence, int]] = []
        for sequence in self.running:
            if sequence.unread and room > 0:
                chunk = min(sequence.unread, room)
                chunks.append((sequence, chunk))
                room -= chunk
        active = len(writing) + len(chunks)
        each_s = 1 / self.server.write + self.server.crowding_s * (active - 1)
        steps = 1 if chunks else self._steps(writing, each_s)
        taken_s = steps * each_s + sum(chunk for _, chunk in chunks) / self.server.read
        self.now += taken_s
        self.worked_s += taken_s
        for sequence, chunk in chunks:
            sequence.unread -= chunk
            sequence.served.read += chunk
            if not sequence.unread:
                self._write(sequence, 1)
        for sequence in writing:
            self._write(sequence, steps)

    def _steps(self, writing: list[_Sequence], each_s: float) -> int:
        """How many steps can be taken at once, because nothing happens between them."""
        until_s = min(self._next_s, *(each.served.arrival.leaves_s for each in writing))
        undisturbed = inf if until_s == inf else ceil((until_s - self.now - _SAME_S) / each_s)
        return int(max(1, min(undisturbed, *(each.to_milestone for each in writing))))

    def _write(self, sequence: _Sequence, tokens: int) -> None:
        served = sequence.served
        served.wrote += tokens
        if served.first_s is None:
            served.first_s = self.now
        if served.wrote >= served.arrival.line and served.line_s is None:
            served.line_s = self.now
        if served.wrote >= served.arrival.wants:
            served.done_s = self.now
            self._end(sequence)

    def _end(self, sequence: _Sequence) -> None:
        served = sequence.served
        filled = (served.found + served.read + served.wrote) // BLOCK_TOKENS
        kept = served.arrival.blocks[:filled] if self.server.keeps_prompts else ()
        self.cache.end(sequence.lease, kept)
        self.running.remove(sequence)

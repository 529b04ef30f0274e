"""What can go wrong between a client and a model server, to be had on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fimls.testing.clock import Clock
    from fimls.testing.http_server import Exchange

# Where a fault happens unless a test says otherwise: when something has been said already.
_AFTER_EVENTS: Final = 2


class Fault(StrEnum):
    """A fault: in the stream of an answer, before it, or instead of it."""

    ERROR = "error"
    """The stream ends with an error in a line of its own; before the first event, status 500."""
    NO_DONE = "no done"
    """The stream ends as it should, but nothing says that the answer is whole."""
    BROKEN_OFF = "broken off"
    """The connection is closed in the middle of the reply."""
    RESET = "reset"
    """The connection is reset."""
    GARBAGE = "garbage"
    """A line that cannot be read, and then the end."""
    STALL = "stall"
    """Nothing more comes, for ever."""
    HANG = "hang"
    """Nothing comes at all, for ever."""
    DRIP = "drip"
    """Each event comes a second after the one before."""
    BUSY = "busy"
    """503 (Ollama), 429 with Retry-After (OpenAI)."""
    OUT_OF_MEMORY = "out of memory"
    """500: the model does not fit."""
    DIED = "died"
    """500: the process that runs the model is gone."""
    MISSING = "missing"
    """404: the model is not there."""
    UNAUTHORIZED = "unauthorized"
    """401."""
    FORBIDDEN = "forbidden"
    """403 without a body: the host name is not liked."""
    BAD_GATEWAY = "bad gateway"
    """502: the cloud cannot be reached."""
    CLOUD_DISABLED = "cloud disabled"
    """403 with a text: the cloud is switched off (Ollama)."""
    SERVER_ERROR = "server error"
    """500, in words that nobody knows."""
    LOADING = "loading"
    """503: the model is still being loaded (llama-server)."""
    TOO_LONG = "too long"
    """400: the prompt is longer than the context; Ollama's words where it may not shift it."""
    OVERFLOW = "overflow"
    """400: the same in the words of llama-server, as Ollama passes them on (Ollama)."""
    NO_INSERT = "no insert"
    """400: the model does not fill in the middle (Ollama)."""
    NO_COMPLETION = "no completion"
    """400: the model makes embeddings, and nothing else (Ollama)."""
    WRONG_OPTION = "wrong option"
    """500: an option is of the wrong type (Ollama)."""
    CANCELLED = "cancelled"
    """499: the client has gone (Ollama)."""
    TERMINATED = "terminated"
    """500: the runner ended while it loaded the model (Ollama)."""
    LOAD_TIMED_OUT = "load timed out"
    """500: the runner did not load the model in time (Ollama)."""
    NO_RUNNER = "no runner"
    """500: the program that runs models is not there (Ollama)."""


IN_STREAM: Final = frozenset(
    {
        Fault.ERROR,
        Fault.NO_DONE,
        Fault.BROKEN_OFF,
        Fault.RESET,
        Fault.GARBAGE,
        Fault.STALL,
        Fault.DRIP,
    }
)
"""Faults that need an answer to happen in; the others meet any request."""

OF_OPENAI_ONLY: Final = frozenset({Fault.LOADING})
OF_OLLAMA_ONLY: Final = frozenset(
    {
        Fault.CLOUD_DISABLED,
        Fault.OVERFLOW,
        Fault.NO_INSERT,
        Fault.NO_COMPLETION,
        Fault.WRONG_OPTION,
        Fault.CANCELLED,
        Fault.TERMINATED,
        Fault.LOAD_TIMED_OUT,
        Fault.NO_RUNNER,
    }
)
"""Faults that the other of the two fake servers does not know."""

_TOO_LONG: Final = (
    "the prompt is longer than the context length currently available to the model; shorten the "
    "prompt, adjust the context length in settings, or use a model with a longer context length"
)

_EXCEEDS: Final = (
    '{{"error":{{"code":400,"message":"request (15001 tokens) exceeds the available context size '
    '(4096 tokens), try increasing it","type":"exceed_context_size_error",'
    '"n_prompt_tokens":15001,"n_ctx":4096}}}}'
)

OLLAMA_REFUSALS: Final[Mapping[Fault, tuple[int, str]]] = {
    Fault.CLOUD_DISABLED: (403, "ollama cloud is disabled: remote model is unavailable"),
    Fault.SERVER_ERROR: (500, "open blobs: input/output error"),
    Fault.TOO_LONG: (400, _TOO_LONG),
    Fault.OVERFLOW: (400, _EXCEEDS),
    Fault.NO_INSERT: (400, "registry.ollama.ai/library/{model} does not support insert"),
    Fault.NO_COMPLETION: (400, '"{model}" does not support generate'),
    Fault.WRONG_OPTION: (500, 'option "num_ctx" must be of type integer'),
    Fault.CANCELLED: (499, "request canceled"),
    Fault.TERMINATED: (500, "llama-server process has terminated: exit status 2"),
    Fault.LOAD_TIMED_OUT: (
        500,
        "timed out waiting for llama-server to start - progress 0.43 - {model}",
    ),
    Fault.NO_RUNNER: (
        500,
        "error starting llama-server: llama-server binary not found (checked: /usr/lib/ollama)",
    ),
}
"""Status and words of more faults of Ollama that need no answer (`ollama.md` §1.4)."""

DRIP_S: Final = 1.0
"""The silence before each event of `Fault.DRIP`, in seconds."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A fault that is to happen, in a stream after that many events."""

    fault: Fault
    after: int = _AFTER_EVENTS

    async def drip(self, clock: Clock) -> None:
        """Waits before an event, if that is the fault."""
        if self.fault is Fault.DRIP:
            await clock.sleep(DRIP_S)

    def is_due(self, sent: int, *, at_end: bool) -> bool:
        """Whether it has to happen now, with so many events sent; at the end at the latest."""
        return self.fault is not Fault.DRIP and (sent >= self.after or at_end)


@dataclass
class Failures:
    """The faults that are waiting for a request."""

    waiting: deque[Failure] = field(default_factory=deque)

    def add(self, fault: Fault, after: int | None = None) -> None:
        """The next request that it can happen to, and that no earlier one takes, has this fault."""
        self.waiting.append(Failure(fault, _AFTER_EVENTS if after is None else after))

    def take(self, *, has_stream: bool) -> Failure | None:
        """The fault for a request; one in the stream waits for a request that has a stream."""
        if not self.waiting or (self.waiting[0].fault in IN_STREAM and not has_stream):
            return None
        return self.waiting.popleft()


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind of server says its faults: lines that are an error, and that are garbage."""

    error: bytes
    garbage: bytes
    start: Callable[[], None]
    refuse: Callable[[], None]


async def happen(failure: Failure, exchange: Exchange, wording: Wording) -> None:
    """Makes a fault of `IN_STREAM` happen now (a drip excepted); the reply is over afterwards."""
    if failure.fault is Fault.RESET:
        exchange.reset()
        return
    if failure.fault is Fault.ERROR and not exchange.has_started:
        wording.refuse()
        return
    if not exchange.has_started:
        wording.start()
    if failure.fault is Fault.STALL:
        await for_ever()
    for line in _lines(failure.fault, wording):
        await exchange.write(line)
    if failure.fault is Fault.BROKEN_OFF:
        await exchange.break_off()
        return
    await exchange.finish()


async def for_ever() -> None:
    """Waits until the client leaves, which cancels."""
    await asyncio.Event().wait()


def _lines(fault: Fault, wording: Wording) -> Iterable[bytes]:
    if fault is Fault.ERROR:
        yield wording.error
    if fault is Fault.GARBAGE:
        yield wording.garbage

"""One real completion for `fimls doctor`: the engine of the server, with a watch on the model."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fimls.cli.checks.finding import Check, Finding, Grade, Group
from fimls.models.status import Status

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping

    from fimls.cli.checks.finding import Situation
    from fimls.clock import Clock
    from fimls.completion.completer import Completer
    from fimls.completion.trace import Trace
    from fimls.models.protocol import Capabilities, Chat, Generation, Model, Piece
    from fimls.settings import Settings

# Every model knows how this goes on.
_TRIAL = "def add(a, b):\n    return "

# What to do where nothing is wrong but the time it takes.
_SLOW = "set a smaller `model`, or a greater `completion.timeoutMs`"

# What takes longer than this to be loaded on this machine is of no use here; a server that takes
# requests and never answers shall not keep the other findings back.
_PATIENCE_S = 120.0

# Of fewer than these a speed says nothing: they may all have come at once.
_LEAST_TOKENS = 3


@dataclass
class Watch:
    """What was seen of a model; times in seconds of the clock, None for what did not happen.

    A token is what the model was sure or unsure of as one; a piece of text counts as one where the
    backend does not tell.
    """

    load_s: float | None = None
    asked_s: float | None = None
    first_s: float | None = None
    last_s: float = 0.0
    first_tokens: int = 0
    tokens: int = 0

    def heard(self, tokens: int, now_s: float) -> None:
        """Notes a piece of text."""
        if self.first_s is None:
            self.first_s, self.first_tokens = now_s, tokens
        self.last_s = now_s
        self.tokens += tokens

    def figures(self) -> dict[str, object]:
        """What is known of `load_ms`, `first_token_ms`, `tokens` and `tokens_per_s`."""
        found: dict[str, object] = {}
        if self.load_s is not None:
            found["load_ms"] = round(self.load_s * 1000)
        if self.asked_s is not None and self.first_s is not None:
            found["first_token_ms"] = round((self.first_s - self.asked_s) * 1000)
            found["tokens"] = self.tokens
            later, spent_s = self.tokens - self.first_tokens, self.last_s - self.first_s
            if later >= _LEAST_TOKENS and spent_s > 0:
                found["tokens_per_s"] = round(later / spent_s, 1)
        return found


class Watched:
    """A model that does what another does, under a watch."""

    def __init__(self, model: Model, watch: Watch, clock: Clock) -> None:
        self._model = model
        self._watch = watch
        self._clock = clock

    @property
    def name(self) -> str:
        """As the model's own."""
        return self._model.name

    @property
    def backend(self) -> str:
        """As the model's own."""
        return self._model.backend

    @property
    def host(self) -> str:
        """As the model's own."""
        return self._model.host

    @property
    def capabilities(self) -> Capabilities:
        """As the model's own."""
        return self._model.capabilities

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Streams what the model says, and notes when it says it."""
        watch = self._watch
        if watch.asked_s is None:
            watch.asked_s = self._clock.now()
        async with aclosing(self._model.generate(request)) as pieces:
            async for piece in pieces:
                if piece.text:
                    watch.heard(len(piece.logprobs) or 1, self._clock.now())
                yield piece

    def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """As the model's own."""
        return self._model.chat(request)

    async def warm_up(self) -> None:
        """Loads the model, and notes how long that takes."""
        began_s = self._clock.now()
        await self._model.warm_up()
        self._watch.load_s = self._clock.now() - began_s

    async def close(self) -> None:
        """As the model's own."""
        await self._model.close()


async def _attempt(situation: Situation) -> Finding:
    """Makes a completion as an editor would get it, and tells how that went."""
    from fimls.completion.values import Ask
    from fimls.documents.snapshot import Snapshot
    from fimls.text.languages import language_of

    snap = Snapshot("untitled:doctor.py", 0, language_of("python"), "doctor.py", _TRIAL)
    watch = Watch()
    told: list[Status] = []
    # It is a model that is tried here, whatever the user thinks of Python.
    settings = replace(situation.settings, disabled_languages=())
    try:
        async with (
            asyncio.timeout(_PATIENCE_S),
            _completer(settings, situation.environ, watch, told) as completer,
        ):
            trace = await completer.traced(Ask(snap, snap.hole_at(len(_TRIAL)), explicit=True))
    except TimeoutError:
        found = f"{told[-1].message}: not done in {_PATIENCE_S:g} s" if told else "nothing began"
        return Finding(Grade.FAIL, found, "restart what runs the model, or set a smaller `model`")
    return _verdict(trace, watch.figures(), told[-1].fix if told else None)


@asynccontextmanager
async def _completer(
    settings: Settings, environ: Mapping[str, str], watch: Watch, told: list[Status]
) -> AsyncIterator[Completer]:
    """A completer as the server has it, with a watch on whatever model is chosen."""
    from fimls.clock import SystemClock
    from fimls.completion.completer import Completer
    from fimls.models.choose import choose
    from fimls.models.session import Session

    clock = SystemClock()

    async def watched(
        settings: Settings, environ: Mapping[str, str], unfit: Collection[str]
    ) -> Model | Status:
        found = await choose(settings, environ, unfit)
        return found if isinstance(found, Status) else Watched(found, watch, clock)

    session = Session(settings, clock, environ, told.append, watched)
    completer = Completer(settings, session, clock)
    try:
        await session.settled()
        yield completer
    finally:
        await completer.close()
        await session.close()


def _verdict(trace: Trace, figures: dict[str, object], fix: str | None) -> Finding:
    """What a trial shows: a model that answers, if only with what is not shown, can complete."""
    from fimls.completion.values import Completion, Reason, Skip

    if isinstance(trace.answer, Completion):
        said = trace.answer.text.strip()
        figures = {**figures, "said": said, "total_ms": round(sum(trace.stages_ms.values()))}
        return Finding(Grade.OK, f"`{said}` for `add(a, b)`{_speed(figures)}", figures=figures)
    failed = {Reason.NO_MODEL, Reason.MODEL_FAILED, Reason.TIMED_OUT}
    if isinstance(trace.answer, Skip) and trace.answer.reason in failed:
        return Finding(Grade.FAIL, str(trace.answer), fix or _SLOW, figures)
    fix = fix or "see how it came about with `fimls complete FILE:LINE --explain`"
    return Finding(Grade.WARN, f"{trace.model} answers, but: {trace.answer}", fix, figures)


def _speed(figures: Mapping[str, object]) -> str:
    parts = [text.format(figures[name]) for name, text in _TOLD.items() if name in figures]
    return f"; {', '.join(parts)}" if parts else ""


# What of the figures is told to people, and how.
_TOLD: Mapping[str, str] = {
    "load_ms": "loaded in {:,} ms",
    "first_token_ms": "first token after {:,} ms",
    "tokens_per_s": "then {} tokens/s",
}

TRIAL = Check(Group.COMPLETION, "completion", "it is what all of this is for", _attempt)
"""The check that takes a model's time; it is made last, and alone."""

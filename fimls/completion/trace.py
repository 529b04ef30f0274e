"""The trace: how a completion came about, so that "why did I see nothing?" has an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fimls.completion import post
from fimls.completion.values import Completion, Overtaken, Skip
from fimls.text.lines import from_lf
from fimls.text.positions import Encoding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.clock import Clock
    from fimls.completion.prompt import Prompt
    from fimls.completion.reading import Share
    from fimls.completion.runs import Run
    from fimls.completion.values import Answer, Ask, FilterStep
    from fimls.context.gather import Snippet
    from fimls.models.protocol import Model
    from fimls.text.hole import Hole


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run that was listened to, and what came of it.

    `raw` is all that the model said, `said` what of that stands from the hole on; None where it did
    not go on from what is typed.  `reading` is how much of the prompt the server had to read.
    """

    prompt: Prompt
    raw: str
    said: str | None
    answer: Answer
    reading: Share | None = None


@dataclass(frozen=True)
class Trace:
    """What happened on the way from a question to its answer.

    `stages_ms` has the milliseconds of each stage in order.  `attempts` are the runs that were
    listened to, in order, and `site` is what they were fitted to, None where it did not come to
    that.
    """

    ask: Ask
    answer: Answer
    stages_ms: Mapping[str, float]
    backend: str | None = None
    model: str | None = None
    attempts: tuple[Attempt, ...] = ()
    site: post.Site | None = None
    served: bool = False

    @property
    def attempt(self) -> Attempt | None:
        """The attempt that the answer is from, or the last one where nothing is shown."""
        if isinstance(self.answer, Completion):
            return next(
                (each for each in self.attempts if _ident(each.answer) == self.answer.ident), None
            )
        return self.attempts[-1] if self.attempts else None

    @property
    def prompt(self) -> Prompt | None:
        """What the model was asked."""
        return None if self.attempt is None else self.attempt.prompt

    @property
    def raw(self) -> str | None:
        """What the model said."""
        return None if self.attempt is None else self.attempt.raw

    @property
    def said(self) -> str | None:
        """What of that stands from the hole on."""
        return None if self.attempt is None else self.attempt.said


@dataclass
class Recorder:
    """Collects a trace while a completion is made; each `stage` ends the one before."""

    ask: Ask
    clock: Clock
    model: Model | None = None
    site: post.Site | None = None
    served: bool = False
    run: Run | None = None
    _attempts: list[Attempt] = field(default_factory=list)
    _stages: dict[str, float] = field(default_factory=dict)
    _current: str | None = None
    _since_s: float = 0.0

    def stage(self, name: str) -> None:
        """Begins a stage; the one before ends here."""
        now_s = self.clock.now()
        if self._current is not None:
            spent_ms = (now_s - self._since_s) * 1000
            self._stages[self._current] = self._stages.get(self._current, 0.0) + spent_ms
        self._current, self._since_s = name, now_s

    def heard(self, run: Run, hole: Hole, answer: Answer) -> None:
        """Notes what came of listening to a run."""
        middle = run.middle_at(hole)
        self._attempts.append(Attempt(run.prompt, run.stream.text, middle, answer, run.reading))
        self.run = run

    @property
    def heard_runs(self) -> int:
        """How many runs have been listened to."""
        return len(self._attempts)

    def has_heard(self, prompt: Prompt | None) -> bool:
        """Whether a run has been listened to that was begun with this prompt."""
        return any(attempt.prompt == prompt for attempt in self._attempts)

    def done(self, answer: Answer) -> Trace:
        """The whole trace."""
        self.stage("")
        return Trace(
            ask=self.ask,
            answer=answer,
            stages_ms=dict(self._stages),
            backend=self.model.backend if self.model else None,
            model=self.model.name if self.model else None,
            attempts=tuple(self._attempts),
            site=self.site,
            served=self.served,
        )


def as_json(trace: Trace, *, explain: bool) -> dict[str, object]:
    """The form of `fimls complete --json`, and with `explain` of `--explain` (contract §1)."""
    answer = trace.answer
    skip = _reason(answer)
    row: dict[str, object] = {
        "text": _text(answer, trace),
        "range": _range(trace),
        "skip": skip,
        "backend": trace.backend,
        "model": trace.model,
        "mode": trace.prompt.mode.value if trace.prompt else None,
        "stages_ms": {name: round(spent, 3) for name, spent in trace.stages_ms.items()},
    }
    return row | (_explanation(trace) if explain else {})


def filters(trace: Trace) -> list[FilterStep]:
    """What each filter did to the model's text: found by applying them once more."""
    steps: list[FilterStep] = []
    if trace.site is not None and trace.said is not None:
        post.fit(trace.said, trace.site, done=True, note=steps.append)
    return steps


def _explanation(trace: Trace) -> dict[str, object]:
    steps = filters(trace)
    return {
        "prompt": trace.prompt.generation.prompt if trace.prompt else None,
        "reading": _reading(trace.attempt) if trace.attempt else None,
        "raw": trace.raw,
        "context": [_piece(each) for each in trace.prompt.context] if trace.prompt else [],
        "filters": [
            {"name": step.name, "before": step.before, "after": step.after, "reason": step.reason}
            for step in steps
        ],
        "served": trace.served,
        "attempts": [_attempt(trace, each) for each in trace.attempts],
    }


def _piece(snippet: Snippet) -> dict[str, object]:
    return {
        "path": snippet.path,
        "kind": snippet.kind,
        "tokens": snippet.tokens,
        "score": round(snippet.score, 6),
        "reason": snippet.reason,
    }


def _attempt(trace: Trace, attempt: Attempt) -> dict[str, object]:
    generation = attempt.prompt.generation
    return {
        "mode": attempt.prompt.mode.value,
        "temperature": generation.temperature,
        "seed": generation.seed,
        "raw": attempt.raw,
        "text": _text(attempt.answer, trace),
        "skip": _reason(attempt.answer),
    }


def _reading(attempt: Attempt) -> dict[str, int] | None:
    """The characters of the prompt that the server knew, and those that it had to read."""
    share = attempt.reading
    return None if share is None else {"kept": share.kept, "reread": share.reread}


def _text(answer: Answer, trace: Trace) -> str:
    """What is inserted, with the document's own line ends; "" where nothing is shown."""
    return from_lf(answer.text, trace.ask.snap.eol) if isinstance(answer, Completion) else ""


def _ident(answer: Answer) -> int | None:
    return answer.ident if isinstance(answer, Completion) else None


def _reason(answer: Answer) -> str | None:
    if isinstance(answer, Skip):
        return str(answer)
    if isinstance(answer, Overtaken):
        return "a newer request or change came first"
    return None


def _range(trace: Trace) -> dict[str, dict[str, int]]:
    answer, ask = trace.answer, trace.ask
    span = (answer.start, answer.end) if isinstance(answer, Completion) else (ask.hole.offset,) * 2
    return {"start": _position(ask, span[0]), "end": _position(ask, span[1])}


def _position(ask: Ask, offset: int) -> dict[str, int]:
    place = ask.snap.lines.position(offset, Encoding.UTF16)
    return {"line": place.line, "character": place.character}

"""Asking again for the same hole: where the first answer does not fit, and for several to choose.

Only who asks by a key is given that: each is a generation of its own, one after the other, and
only while nobody else wants the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.completion import post
from fimls.completion.agreement import leads_on
from fimls.completion.asking import prompt_for, start
from fimls.completion.listen import listen
from fimls.completion.prompt import LIKELIEST, Way
from fimls.completion.values import Completion, Overtaken, Reason, Skip
from fimls.text.brackets import balance

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from fimls.completion.env import Env, Question
    from fimls.completion.runs import Run
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer, FilterStep

_WITH_SUFFIX: Final = Way(suffix_as_file=True)

_DRAWN: Final = tuple(Way(temperature=0.4, seed=seed) for seed in (1, 2, 3))

# How a model that does not fill in the middle is asked by who asks by a key, up to the first text
# that fits: by the prefix alone, then with the suffix shown, and then by chance.  Of 400 single
# lines of HumanEval-Infilling, the embedded model had 30 % right so, and 27 % by the prefix alone.
# With the suffix shown first it was as many (121 of the 400), and that prompt is another
# one each time the cursor moves.
_INSISTING: Final = (LIKELIEST, _WITH_SUFFIX, *_DRAWN)

# Where a model says the same again and again, more chance brings other texts: 0.8 is what was best
# for the most of a hundred samples with Codex (2107.03374, §3.3).
_WILDER: Final = tuple(Way(temperature=0.8, seed=seed) for seed in (4, 5, 6))

_OTHERS: Final = (*_INSISTING, *_WILDER)

# What the model said does not fit here; said otherwise, it may.
_MAY_FIT_OTHERWISE: Final = frozenset(
    {
        Reason.EMPTY,
        Reason.DISAGREES,
        Reason.ECHO,
        Reason.REPEATS,
        Reason.BREAKS_SYNTAX,
        Reason.MASK,
        Reason.SELECTED_ITEM,
    }
)

# How much on each side of the hole is searched for the partners of brackets.
_WINDOW_CHARS: Final = 4000


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text to choose, and what speaks against it: the smaller, the better."""

    completion: Completion
    against: tuple[bool, int, bool, bool, float]


def begin(question: Question, env: Env) -> Run | Skip:
    """The first run for a question: in the first way that there is for the model and the hole."""
    first, *rest = _ways(question)
    run = start(question, env, first)
    for way in rest:
        if not (isinstance(run, Skip) and run.reason is Reason.NOTHING_TYPED):
            break
        run = start(question, env, way)
    return run


def insists_on(run: Run, question: Question, env: Env) -> bool:
    """Whether a run, whoever began it, is one of those that a question may go on from."""
    ways = _ways(question)
    return len(ways) > 1 and any(run.prompt == prompt_for(question, env, way) for way in ways)


async def insist(
    answer: Answer,
    run: Run,
    question: Question,
    env: Env,
    record: Recorder,
    bell: asyncio.Event,
) -> Answer:
    """The answer of a run, or where that does not fit, the first of a few others that does."""
    attempts = _attempts(question, env, record)
    while _may_fit_otherwise(answer):
        following = next(attempts, None)
        if following is None:
            break
        env.runs.forget(run)
        record.stage("attempts")
        run = following
        answer = await listen(run, question, env, record, bell)
    return answer


async def several(
    first: Completion, question: Question, env: Env, record: Recorder, bell: asyncio.Event
) -> Completion | Overtaken:
    """The completion with others beside it, as many as the user wants and the time allows.

    It stays the first, since it may be what is shown already: an editor that asks for others when
    the user leafs through them would change the text under their eyes.
    """
    record.stage("candidates")
    wanted = env.settings.completion.candidates - 1
    found: dict[str, _Candidate] = {}
    for run in _runs(question, env, record):
        answer = await listen(run, question, env, record, bell)
        if isinstance(answer, Overtaken):
            return answer
        if isinstance(answer, Skip) and not _may_fit_otherwise(answer):
            break
        if isinstance(answer, Completion) and answer.text.strip() != first.text.strip():
            found.setdefault(answer.text.strip(), _judged(answer, run, question))
        if len(found) == wanted:
            break
    ranked = sorted(found.values(), key=lambda candidate: candidate.against)
    return replace(first, candidates=tuple(each.completion for each in ranked))


def _may_fit_otherwise(answer: Answer) -> bool:
    return isinstance(answer, Skip) and answer.reason in _MAY_FIT_OTHERWISE


def _ways(question: Question) -> tuple[Way, ...]:
    """How a question is asked, up to the first text that fits.

    Only models that do not fill in the middle are asked more than once: they know nothing of what
    follows, and do not fit so much more often.
    """
    insists = question.ask.explicit and question.model.capabilities.family is None
    return _INSISTING if insists else (LIKELIEST,)


def _attempts(question: Question, env: Env, record: Recorder) -> Iterator[Run]:
    """Other runs for the hole, each begun when it is wanted, unless another question has."""
    for way in _ways(question):
        if record.has_heard(prompt_for(question, env, way)):
            continue
        run = _under_way(question, env) or _started(question, env, way)
        if run is not None:
            yield run


def _under_way(question: Question, env: Env) -> Run | None:
    """What another question has asked meanwhile for the same hole."""
    run = env.runs.agreeing(question.ask.snap.uri, question.hole)
    return None if run is None or run.stream.ended else run


def _started(question: Question, env: Env, way: Way) -> Run | None:
    """A new run, unless somebody else wants the model, or time is over, or there is no such way."""
    if not env.slot.is_free or env.clock.now() >= question.until_s:
        return None
    run = start(question, env, way)
    return None if isinstance(run, Skip) else run


def _runs(question: Question, env: Env, record: Recorder) -> Iterator[Run]:
    """The other runs that are held for the hole, then new ones, each asked for when wanted.

    Both come in the order in which they were asked for, so that asking again changes nothing.
    """
    uri, hole = question.ask.snap.uri, question.hole
    shown = env.runs.agreeing(uri, hole)
    yield from [run for run in env.runs.serving(uri, hole) if run is not shown][::-1]
    for way in _OTHERS:
        prompt = prompt_for(question, env, way)
        if prompt is None or record.has_heard(prompt):
            continue
        # Another question may have begun it meanwhile.
        same = next((run for run in env.runs.serving(uri, hole) if run.prompt == prompt), None)
        run = same or _started(question, env, way)
        if run is None:
            return
        run.is_other = True
        yield run


def _judged(completion: Completion, run: Run, question: Question) -> _Candidate:
    """What speaks against a text, weightiest first.

    That the gate had to mend it; brackets and quotes that lack their partner with it in place; that
    it does not lead on to what follows; that the model did not go on with that; and that it was
    not sure.
    """
    said = run.middle_at(question.hole) or ""
    logprobs = run.logprobs(question.hole, completion.text) or (0.0,)
    return _Candidate(
        completion,
        (
            _is_mended(said, run, question),
            _unpaired(completion, question),
            not leads_on(completion, question.ask.hole),
            not _runs_on(completion, said, question),
            # Normalised by length: among several that are shown, none is to win by being short.
            -sum(logprobs) / len(logprobs),
        ),
    )


def _is_mended(said: str, run: Run, question: Question) -> bool:
    """Whether the last filter, the gate, had to shorten the text."""
    steps: list[FilterStep] = []
    post.fit(said, question.site, done=True, cut=run.cut, note=steps.append)
    return bool(steps) and steps[-1].before != steps[-1].after


def _unpaired(completion: Completion, question: Question) -> int:
    hole = question.ask.hole
    before = hole.text[max(0, completion.start - _WINDOW_CHARS) : completion.start]
    after = hole.text[completion.end : completion.end + _WINDOW_CHARS]
    return balance(before + completion.text + after, hole.language).faults


def _runs_on(completion: Completion, said: str, question: Question) -> bool:
    """Whether the model, after what is shown, said what the document goes on with."""
    said_then = said.partition(completion.text.strip())[2].strip()
    after = question.ask.hole.text[completion.end : completion.end + _WINDOW_CHARS].strip()
    line = after.split("\n", 1)[0].rstrip()
    return bool(said_then and line) and (said_then.startswith(line) or line.startswith(said_then))

"""Insisting: another answer for the same hole where the first does not fit, or may be bettered.

Only who asks by a key is given that: each is a generation of its own, one after the other, and
only while nobody else wants the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.completion.agreement import leads_on
from fimls.completion.asking import prompt_for, start
from fimls.completion.listen import listen
from fimls.completion.prompt import LIKELIEST, Way
from fimls.completion.values import Completion, Extent, Overtaken, Reason, Skip

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator, Sequence

    from fimls.completion.env import Env, Question
    from fimls.completion.runs import Run
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer

_WITH_SUFFIX: Final = Way(suffix_as_file=True)

_DRAWN: Final = tuple(Way(temperature=0.4, seed=seed) for seed in (1, 2, 3))

# Without the begin of its line forced: what stands around a hole may be misread.
_FREELY: Final = Way(opened=False)

# How a model that does not fill in the middle is asked by who asks by a key: by the prefix alone,
# then by chance, which needs no reading, then with the suffix shown.  In any other order as much is
# right.
INSISTING: Final = (LIKELIEST, *_DRAWN[:2], _WITH_SUFFIX, *_DRAWN[2:], _FREELY)

# Of so many answers the likeliest is taken, and asking ends where one is so likely by itself (the
# sum of its tokens' log-probabilities).  Of 247 lines of HumanEval's programs that are in no data
# set that fimls is measured with, 107 are right so, with 2.7 answers for each; 100 where the first
# that fits is taken, with 1.5; 109 where there are always four.
_ANSWERS_TO_CHOOSE_FROM: Final = 4
_LIKELY_LOGPROB: Final = -2.5

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


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer that fits, whether it leads on, and how likely it is as a whole, if that is known.

    `is_line`: it was asked for as one line.  A block's likelihood tells of its length.
    """

    answer: Completion
    run: Run
    leads_on: bool
    logprob: float | None
    is_line: bool

    @property
    def weight(self) -> tuple[bool, float]:
        """What is to be as large as it can be."""
        return self.leads_on, (self.logprob or 0.0) if self.is_line else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether no other answer is worth its time."""
        is_likely = self.logprob is None or self.logprob > _LIKELY_LOGPROB
        return not self.is_line or (self.leads_on and is_likely)


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
    """The answer of a run, or where that does not fit or may be bettered, the best of a few."""
    attempts = _attempts(question, env, record)
    found: list[_Found] = []
    while isinstance(answer, Completion) or may_fit_otherwise(answer):
        if isinstance(answer, Completion):
            found.append(_weighed(answer, run, question))
        following = None if _is_enough(found, record) else next(attempts, None)
        if not isinstance(answer, Completion) and (found or following is not None):
            env.runs.forget(run)
        if following is None:
            break
        record.stage("attempts")
        run = following
        answer = await listen(run, question, env, record, bell)
    if isinstance(answer, Overtaken) or not found:
        return answer
    best = max(found, key=lambda each: each.weight)
    for each in found:
        each.run.is_other = each is not best
    return best.answer


def may_fit_otherwise(answer: Answer) -> bool:
    """Whether nothing is shown, and another answer may have more to show."""
    return isinstance(answer, Skip) and answer.reason in _MAY_FIT_OTHERWISE


def start_if_free(question: Question, env: Env, way: Way) -> Run | None:
    """A new run, unless somebody else wants the model, or time is over, or there is no such way."""
    if not env.slot.is_free or env.clock.now() >= question.until_s:
        return None
    run = start(question, env, way)
    return None if isinstance(run, Skip) else run


def _weighed(answer: Completion, run: Run, question: Question) -> _Found:
    logprobs = run.logprobs(question.hole, answer.text)
    return _Found(
        answer,
        run,
        leads_on(answer, question.ask.hole),
        sum(logprobs) if logprobs else None,
        question.shape.extent is Extent.LINE,
    )


def _is_enough(found: Sequence[_Found], record: Recorder) -> bool:
    """Whether one of the answers will do."""
    if not found:
        return False
    return found[-1].is_enough or record.heard_runs >= _ANSWERS_TO_CHOOSE_FROM


def _ways(question: Question) -> tuple[Way, ...]:
    """How a question is asked, up to the first text that fits.

    Only models that do not fill in the middle are asked more than once: they know nothing of what
    follows, and do not fit so much more often.
    """
    insists = question.ask.explicit and question.model.capabilities.family is None
    return INSISTING if insists else (LIKELIEST,)


def _attempts(question: Question, env: Env, record: Recorder) -> Iterator[Run]:
    """Other runs for the hole, each begun when it is wanted, unless another question has."""
    for way in _ways(question):
        if record.has_heard(prompt_for(question, env, way)):
            continue
        run = _under_way(question, env) or start_if_free(question, env, way)
        if run is not None:
            yield run


def _under_way(question: Question, env: Env) -> Run | None:
    """What another question has asked meanwhile for the same hole."""
    run = env.runs.agreeing(question.ask.snap.uri, question.hole)
    return None if run is None or run.stream.ended else run

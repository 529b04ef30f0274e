"""Several texts for a hole to choose from, for who asks by a key.

Each is a generation of its own, one after the other, and only while nobody else wants the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.completion import post
from fimls.completion.agreement import leads_on
from fimls.completion.asking import prompt_for
from fimls.completion.insisting import INSISTING, may_fit_otherwise, start_if_free
from fimls.completion.listen import listen
from fimls.completion.prompt import Way
from fimls.completion.values import Completion, Overtaken, Skip
from fimls.text.brackets import balance

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from fimls.completion.env import Env, Question
    from fimls.completion.runs import Run
    from fimls.completion.trace import Recorder
    from fimls.completion.values import FilterStep

# Where a model says the same again and again, more chance brings other texts: 0.8 is what was best
# for the most of a hundred samples with Codex (2107.03374, §3.3).
_WILDER: Final = tuple(Way(temperature=0.8, seed=seed) for seed in (4, 5, 6))

_OTHERS: Final = (*INSISTING, *_WILDER)

# How much on each side of the hole is searched for the partners of brackets.
_WINDOW_CHARS: Final = 4000


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text to choose, and what speaks against it: the smaller, the better."""

    completion: Completion
    against: tuple[bool, int, bool, bool, float]


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
        if isinstance(answer, Skip) and not may_fit_otherwise(answer):
            break
        if isinstance(answer, Completion) and answer.text.strip() != first.text.strip():
            found.setdefault(answer.text.strip(), _judged(answer, run, question))
        if len(found) == wanted:
            break
    ranked = sorted(found.values(), key=lambda candidate: candidate.against)
    return replace(first, candidates=tuple(each.completion for each in ranked))


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
        run = same or start_if_free(question, env, way)
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

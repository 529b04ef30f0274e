"""The engine: from a question to an answer, a story of early returns, each with its reason."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion import shape
from fimls.completion.candidates import several
from fimls.completion.env import Question, until_s
from fimls.completion.insisting import begin, insist, insists_on
from fimls.completion.listen import listen
from fimls.completion.refuse import refuse
from fimls.completion.typed_along import gone_on, still_shown
from fimls.completion.values import Completion, Overtaken, Reason, Skip
from fimls.models.status import Status

if TYPE_CHECKING:
    from typing import Any

    from fimls.completion.env import Env
    from fimls.completion.runs import Run
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer, Ask
    from fimls.models.protocol import Model
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole


async def complete(ask: Ask, env: Env, record: Recorder) -> Answer:
    """The answer to a question; raises nothing but `CancelledError`, when it is taken back."""
    bell = asyncio.Event()
    bells = env.bells.setdefault(ask.snap.uri, [])
    bells.append(bell)
    try:
        return await _complete(ask, env, record, bell)
    finally:
        bells.remove(bell)
        if not bells:
            env.bells.pop(ask.snap.uri, None)


async def _complete(ask: Ask, env: Env, record: Recorder, bell: asyncio.Event) -> Answer:
    if not env.is_current(ask.snap):
        # Edits may come between a question and its turn, and then no bell rings for it.
        return Overtaken()
    record.stage("refuse")
    refused = refuse(ask, env.settings)
    if refused is not None:
        return refused
    record.stage("model")
    model = await _ready(ask, env, bell)
    if isinstance(model, Overtaken | Skip):
        return model
    record.model = model
    record.stage("runs")
    wants_several = ask.explicit and env.settings.completion.candidates > 1
    answer = still_shown(ask, env, record, model)
    record.served = answer is not None
    if answer is not None and not wants_several:
        return answer
    run = env.runs.agreeing(ask.snap.uri, ask.hole) if ask.selected is None else None
    record.served = run is not None or answer is not None
    if run is not None and answer is None:
        answer = await gone_on(run, ask, env, record, model, bell)
        if answer is not None and not wants_several:
            return answer
    record.stage("shape")
    question = await _question(ask, env, record, model)
    if isinstance(question, Skip):
        return question
    record.site = question.site
    answer = answer or await _found(run, question, env, record, bell)
    if wants_several and isinstance(answer, Completion):
        return await several(answer, question, env, record, bell)
    return answer


async def _found(
    run: Run | None, question: Question, env: Env, record: Recorder, bell: asyncio.Event
) -> Answer:
    """The answer of a run that agrees with the document, or else of a new one."""
    while run is not None:
        record.stage("listen")
        answer = await listen(run, question, env, record, bell)
        if not _is_worth_a_try(answer, run, question):
            run.nothing_at = question.hole.offset if isinstance(answer, Skip) else None
            return answer
        if not question.ask.explicit:
            # It stays: further on it may have something again.
            break
        if insists_on(run, question, env):
            return await insist(answer, run, question, env, record, bell)
        env.runs.forget(run)
        run = env.runs.agreeing(question.ask.snap.uri, question.hole)
    record.served = False
    return await _ask(question, env, record, bell, tried=run)


def _is_worth_a_try(answer: Answer, run: Run, question: Question) -> bool:
    """Whether another run may have more to show, and there is time for it.

    Who asks by a key gets a new try where an old run has nothing for them; who just types, where
    the text has moved on since the run was found to have nothing, or was typed before the run had
    said anything and turns out to be something else.
    """
    if not isinstance(answer, Skip) or answer.reason is Reason.TIMED_OUT or not run.stream.ended:
        return False
    if answer.reason is Reason.DISAGREES:
        return run.nothing_at != question.hole.offset
    return question.ask.explicit or run.nothing_at not in (None, question.hole.offset)


async def _ask(
    question: Question, env: Env, record: Recorder, bell: asyncio.Event, *, tried: Run | None
) -> Answer:
    """The answer of a new run, or of one that another question has begun meanwhile."""
    record.stage("debounce")
    await _pause(question, env, bell)
    if not env.is_current(question.ask.snap):
        return Overtaken()
    record.stage("prompt")
    uri = question.ask.snap.uri
    found = env.runs.agreeing(uri, question.hole)
    run = begin(question, env) if found is None or found is tried else found
    if isinstance(run, Skip):
        return run
    record.stage("listen")
    answer = await listen(run, question, env, record, bell)
    run.nothing_at = question.hole.offset if isinstance(answer, Skip) else None
    return await insist(answer, run, question, env, record, bell)


async def _ready(ask: Ask, env: Env, bell: asyncio.Event) -> Model | Skip | Overtaken:
    """The warm model; while it loads, the question is held until it is overtaken."""
    model = env.session.at_once(explicit=ask.explicit)
    if model is not None:
        return model
    held = asyncio.ensure_future(env.session.ready(explicit=ask.explicit))
    try:
        while not held.done():
            await _either(held, bell)
            if not env.is_current(ask.snap):
                return Overtaken()
    finally:
        held.cancel()
    found = held.result()
    return Skip(Reason.NO_MODEL, found.message) if isinstance(found, Status) else found


async def _question(ask: Ask, env: Env, record: Recorder, model: Model) -> Question | Skip:
    hole, tree = _as_if_selected(ask)
    decided = shape.decide(
        hole,
        tree,
        explicit=ask.explicit,
        multiline=env.settings.completion.multiline,
        single_line=model.capabilities.single_line,
    )
    if isinstance(decided, Skip):
        return decided
    record.stage("context")
    over_s = until_s(env)
    around = await env.maps.entered(ask, model.capabilities, env.settings)
    return Question(ask, hole, tree, decided, model, over_s, around=around)


def _as_if_selected(ask: Ask) -> tuple[Hole, Tree | None]:
    """The hole and the tree with the selected list item as if it had been accepted."""
    chosen, hole = ask.selected, ask.hole
    if chosen is None:
        return hole, ask.snap.tree
    text = hole.text[: chosen.start] + chosen.text + hole.text[chosen.end :]
    moved = replace(hole, text=text, offset=chosen.start + len(chosen.text))
    return moved, ask.snap.tree_with(text)


async def _pause(question: Question, env: Env, bell: asyncio.Event) -> None:
    """Waits for the next key as long as it may come, unless the user has asked by a key."""
    ask, at_rest = question.ask, _is_at_rest(question, env)
    wait_s = env.rhythm.wait_s(env.settings.completion.debounce_ms, at_rest=at_rest)
    if ask.explicit or wait_s <= 0:
        return
    timer = asyncio.ensure_future(env.clock.sleep(wait_s))
    try:
        while not timer.done() and env.is_current(ask.snap):
            await _either(timer, bell)
    finally:
        timer.cancel()


def _is_at_rest(question: Question, env: Env) -> bool:
    """Whether the cursor has come to where authors stop to look: a new line, or a run's end.

    Who deletes on a new line goes on with that, by the key's repetition.
    """
    hole = question.hole
    is_new_line = not hole.line_before.strip() and not hole.line_after.strip()
    return (is_new_line and not env.rhythm.is_deleting) or env.runs.run_out(
        question.ask.snap.uri, hole
    )


async def _either(task: asyncio.Future[Any], bell: asyncio.Event) -> None:
    """Waits for a task or for the bell, whichever is first; the task goes on."""
    ring = asyncio.ensure_future(bell.wait())
    try:
        await asyncio.wait([task, ring], return_when=asyncio.FIRST_COMPLETED)
        bell.clear()
    finally:
        ring.cancel()

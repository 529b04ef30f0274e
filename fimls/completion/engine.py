"""The engine: from a question to an answer, a story of early returns, each with its reason."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion import shape
from fimls.completion.asking import asked
from fimls.completion.env import Question
from fimls.completion.listen import again, listen
from fimls.completion.prompt import build
from fimls.completion.refuse import refuse
from fimls.completion.runs import Anchor, Run
from fimls.completion.values import Overtaken, Reason, Skip
from fimls.models.slot import Outcome, Priority
from fimls.models.status import Status
from fimls.syntax.tree import parse

if TYPE_CHECKING:
    from typing import Any

    from fimls.completion.env import Env
    from fimls.completion.prompt import Prompt
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer, Ask
    from fimls.models.protocol import Generation, Model
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole


async def complete(ask: Ask, env: Env, record: Recorder) -> Answer:
    """The answer to a question; raises nothing but `CancelledError`, when it is taken back."""
    bell = asyncio.Event()
    bells = env.bells.setdefault(ask.snap.uri, set())
    bells.add(bell)
    try:
        return await _complete(ask, env, record, bell)
    finally:
        bells.discard(bell)
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
    run = env.runs.agreeing(ask.snap.uri, ask.hole) if ask.selected is None else None
    record.served = run is not None
    if run is not None and (rest := run.rest_of_shown(ask.hole)) is not None:
        known = Question(ask, ask.hole, None, rest.shape, model, env.clock.now())
        return again(rest, run, known, env, record)
    record.stage("shape")
    question = _question(ask, env, model)
    if isinstance(question, Skip):
        return question
    record.site = question.site
    if run is not None:
        record.stage("listen")
        answer = await listen(run, question, env, record, bell)
        if not (_is_worth_a_try(answer) and ask.explicit and run.stream.ended):
            return answer
        # Who asks by a key gets a new try where the old run has nothing for them.
        env.runs.forget(run)
    record.served = False
    return await _ask(question, env, record, bell)


def _is_worth_a_try(answer: Answer) -> bool:
    """Whether another run may have more to show, and there is time for it."""
    return isinstance(answer, Skip) and answer.reason is not Reason.TIMED_OUT


async def _ask(question: Question, env: Env, record: Recorder, bell: asyncio.Event) -> Answer:
    """The answer of a new run, or of one that another question has begun meanwhile."""
    record.stage("debounce")
    await _pause(question.ask, env, bell)
    if not env.is_current(question.ask.snap):
        return Overtaken()
    record.stage("prompt")
    uri = question.ask.snap.uri
    run = env.runs.agreeing(uri, question.hole) or _start(question, env)
    if isinstance(run, Skip):
        return run
    record.stage("listen")
    return await listen(run, question, env, record, bell)


async def _ready(ask: Ask, env: Env, bell: asyncio.Event) -> Model | Skip | Overtaken:
    """The warm model; while it loads, the question is held until it is overtaken."""
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


def _question(ask: Ask, env: Env, model: Model) -> Question | Skip:
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
    until_s = env.clock.now() + env.settings.completion.timeout_ms / 1000
    return Question(ask, hole, tree, decided, model, until_s)


def _as_if_selected(ask: Ask) -> tuple[Hole, Tree | None]:
    """The hole and the tree with the selected list item as if it had been accepted."""
    chosen, hole = ask.selected, ask.hole
    if chosen is None:
        return hole, ask.snap.tree
    text = hole.text[: chosen.start] + chosen.text + hole.text[chosen.end :]
    moved = replace(hole, text=text, offset=chosen.start + len(chosen.text))
    return moved, parse(text, hole.language.grammar, ask.snap.tree)


async def _pause(ask: Ask, env: Env, bell: asyncio.Event) -> None:
    """Waits for the next key as long as it may come, unless the user has asked by a key."""
    wait_s = 0.0 if ask.explicit else env.rhythm.wait_s(env.settings.completion.debounce_ms)
    if wait_s <= 0:
        return
    timer = asyncio.ensure_future(env.clock.sleep(wait_s))
    try:
        while not timer.done() and env.is_current(ask.snap):
            await _either(timer, bell)
    finally:
        timer.cancel()


def _start(question: Question, env: Env) -> Run | Skip:
    """Asks the model; nothing is awaited here, so that no other question can come between."""
    model, ask = question.model, question.ask
    prompt = _prompt(question, env)
    if prompt is None:
        return Skip(Reason.NOTHING_TYPED)

    def shorter() -> Generation | None:
        if model in env.narrow:
            return None
        env.narrow.add(model)
        run.prompt = _prompt(question, env) or prompt
        return run.prompt.generation

    priority = Priority.EXPLICIT if ask.explicit else Priority.AUTOMATIC
    stream = env.slot.start(lambda: asked(model, prompt.generation, shorter, env.clock), priority)
    if stream.outcome is Outcome.BUSY:
        return Skip(Reason.BUSY)
    run = Run(Anchor.at(ask.snap.uri, question.hole), prompt, stream)
    env.runs.sweep()
    env.runs.add(run)
    return run


def _prompt(question: Question, env: Env) -> Prompt | None:
    model, limit = question.model, env.settings.completion.max_tokens
    halved = model in env.narrow
    return build(question.hole, question.shape, model.capabilities, limit, halved=halved)


async def _either(task: asyncio.Future[Any], bell: asyncio.Event) -> None:
    """Waits for a task or for the bell, whichever is first; the task goes on."""
    ring = asyncio.ensure_future(bell.wait())
    try:
        await asyncio.wait([task, ring], return_when=asyncio.FIRST_COMPLETED)
        bell.clear()
    finally:
        ring.cancel()

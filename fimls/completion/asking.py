"""Asking the model: once more where it was busy, and with half the text where that was too long.

What it says is a run, which stays when its question has been answered.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from fimls.completion.anchor import Anchor
from fimls.completion.opening import opening
from fimls.completion.prompt import LIKELIEST, Terms, orders
from fimls.completion.runs import Run
from fimls.completion.values import Reason, Skip
from fimls.errors import PromptTooLong
from fimls.models.retry import asked_again
from fimls.models.slot import Outcome, Priority

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fimls.clock import Clock
    from fimls.completion.env import Env, Question
    from fimls.completion.opening import Opening
    from fimls.completion.prompt import Prompt, Way
    from fimls.models.protocol import Generation, Model, Piece


def start(question: Question, env: Env, way: Way = LIKELIEST) -> Run | Skip:
    """Asks the model; nothing is awaited here, so that no other question can come between."""
    model, ask = question.model, question.ask
    prompt = prompt_for(question, env, way)
    if prompt is None:
        return Skip(Reason.NOTHING_TYPED)

    def shorter() -> Generation | None:
        if model in env.narrow:
            return None
        env.narrow.add(model)
        run.prompt = prompt_for(question, env, way) or prompt
        return run.prompt.generation

    def source() -> AsyncGenerator[Piece, None]:
        return env.pace.timed(asked(model, prompt.generation, shorter, env.clock), env.clock)

    stream = env.slot.start(source, _priority(question))
    if stream.outcome is Outcome.BUSY:
        return Skip(Reason.BUSY)
    begin = question.ahead_of or question.hole
    known = question.hole.text[begin.offset : question.hole.offset]
    run = Run(Anchor.at(ask.snap.uri, begin), prompt, stream, known)
    run.reading = env.reading.asked(prompt.generation.prompt, model.capabilities)
    env.begins(ask.snap.uri, prompt)
    env.runs.sweep()
    env.runs.add(run)
    return run


def _priority(question: Question) -> Priority:
    if question.ahead_of is not None:
        return Priority.AHEAD
    return Priority.EXPLICIT if question.ask.explicit else Priority.AUTOMATIC


def prompt_for(question: Question, env: Env, way: Way) -> Prompt | None:
    """The prompt for a question, None where there is none in this way; made once for each.

    The suffix comes first only where the server has not read the prefix so much further: the order
    in which less has to be read is worth more than what the other one knows better.
    """
    key = way, question.model in env.narrow
    if key not in question.prompts:
        question.prompts[key] = _cheapest(_prompts(question, env, way), question, env)
    return question.prompts[key]


def _cheapest(prompts: tuple[Prompt, ...], question: Question, env: Env) -> Prompt | None:
    """The first, unless the other is what is asked next anyway, or less of it has to be read."""
    if len(prompts) < 2:
        return next(iter(prompts), None)
    if question.ahead_of is not None:
        return prompts[1]
    known = question.model.capabilities
    first, other = (env.reading.share(each.generation.prompt, known) for each in prompts)
    is_cheaper = other.reread < first.reread and other.kept > other.reread
    return prompts[1] if is_cheaper else prompts[0]


def _prompts(question: Question, env: Env, way: Way) -> tuple[Prompt, ...]:
    capabilities = question.model.capabilities
    terms = Terms(
        way,
        opening=_opening(question) if way.opened else None,
        halved=question.model in env.narrow,
        keep=env.windows.get(question.ask.snap.uri),
        around=question.around,
    )
    max_tokens = env.settings.completion.max_tokens
    return orders(question.hole, question.shape, capabilities, max_tokens, terms)


def _opening(question: Question) -> Opening | None:
    """How the hole's line has to begin, for a model that cannot tell and can be told."""
    known = question.model.capabilities
    return opening(question.site) if known.family is None and known.can_force else None


async def asked(
    model: Model, request: Generation, shorter: Callable[[], Generation | None], clock: Clock
) -> AsyncGenerator[Piece, None]:
    """The answer to a request, or to a shorter one where the first is too long for the model.

    `shorter` is called then, and gives None where nothing shorter is worth asking.  Raises what the
    model raises; `PromptTooLong` where the shorter one is too long too.
    """
    said = False
    try:
        async with aclosing(asked_again(lambda: model.generate(request), clock)) as pieces:
            async for piece in pieces:
                said = True
                yield piece
            return
    except PromptTooLong:
        # A server that notices only while it speaks has been heard, and that is what there is.
        if said or (less := shorter()) is None:
            raise
    async with aclosing(asked_again(lambda: model.generate(less), clock)) as pieces:
        async for piece in pieces:
            yield piece

"""Asking the model: once more where it was busy, and with half the text where that was too long.

What it says is a run, which stays when its question has been answered.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from fimls.completion.prompt import LIKELIEST, build
from fimls.completion.runs import Anchor, Run
from fimls.completion.values import Reason, Skip
from fimls.errors import PromptTooLong
from fimls.models.retry import asked_again
from fimls.models.slot import Outcome, Priority

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fimls.clock import Clock
    from fimls.completion.env import Env, Question
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

    priority = Priority.EXPLICIT if ask.explicit else Priority.AUTOMATIC
    stream = env.slot.start(lambda: asked(model, prompt.generation, shorter, env.clock), priority)
    if stream.outcome is Outcome.BUSY:
        return Skip(Reason.BUSY)
    run = Run(Anchor.at(ask.snap.uri, question.hole), prompt, stream)
    env.runs.sweep()
    env.runs.add(run)
    return run


def prompt_for(question: Question, env: Env, way: Way) -> Prompt | None:
    """The prompt for a question, None where there is none in this way."""
    return build(
        question.hole,
        question.shape,
        question.model.capabilities,
        env.settings.completion.max_tokens,
        way=way,
        halved=question.model in env.narrow,
    )


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

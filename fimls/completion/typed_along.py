"""What is shown stays while its author types it, be it the whole or only the begin of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.completion.env import Question, until_s
from fimls.completion.listen import again, listen
from fimls.completion.values import Skip

if TYPE_CHECKING:
    import asyncio

    from fimls.completion.env import Env
    from fimls.completion.runs import Run
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer, Ask
    from fimls.models.protocol import Model


def still_shown(ask: Ask, env: Env, record: Recorder, model: Model) -> Answer | None:
    """What is left of what was shown, or None where the author has typed something else.

    None as well where that was only the begin of what there is: then it may be more by now.
    It gives way to a newer run that has been asked from this place on and says otherwise.
    """
    if ask.selected is not None:
        return None
    run, rest = env.runs.still_shown(ask.snap.uri, ask.hole)
    if run is None or rest is None or not rest.fit.whole:
        return None
    newest = env.runs.newer(run, ask.hole)
    if newest is not None and newest.contradicts(rest.fit.text, ask.hole):
        return None
    return again(rest, run, Question(ask, ask.hole, None, rest.shape, model, 0.0), env, record)


async def gone_on(
    run: Run, ask: Ask, env: Env, record: Recorder, model: Model, bell: asyncio.Event
) -> Answer | None:
    """What a run goes on with after the begin of it that was shown; None where there is nothing.

    It is fitted to the hole where that was shown, as if nothing of it had been typed since: from
    within the line a block is none, and an author would see it shrink with the first key.
    """
    shown, typed = run.shown, run.typed_of_begin(ask.hole)
    if shown is None or not typed:
        return None
    hole = ask.hole.before(typed)
    question = Question(
        ask,
        hole,
        ask.snap.tree_with(hole.text),
        shown.shape,
        model,
        until_s(env),
        around=env.maps.kept(ask.snap.uri, model.capabilities, env.settings),
        typed=typed,
    )
    record.site = question.site
    record.stage("listen")
    answer = await listen(run, question, env, record, bell)
    return None if isinstance(answer, Skip) else answer

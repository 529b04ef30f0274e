"""Reading the prompt's head anew while the author pauses, where the next request would have to.

That is so when the window's first line has moved, the author is somewhere else, or other files are
shown than before.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.ahead import is_wanted
from fimls.completion.asking import prompt_for
from fimls.completion.env import Question
from fimls.completion.prompt import LIKELIEST
from fimls.completion.refuse import refuse
from fimls.completion.values import Extent, Shape
from fimls.models.slot import Priority

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fimls.completion.env import Env
    from fimls.completion.prompt import Prompt
    from fimls.completion.values import Ask
    from fimls.models.protocol import Model, Piece

_LINE = Shape(Extent.LINE)

# At 600 tokens a second this is read in 0.4 s; whoever waits for less does not notice it.
_LEAST_CHARS = 1000


def read_again(ask: Ask, model: Model, env: Env) -> None:
    """Has the server read what a request at this place would make it read, if that is a lot."""
    is_free = env.slot.is_idle and is_wanted(model, env)
    if not is_free or refuse(ask, env.settings) is not None:
        return
    prompt = _next_prompt(ask, model, env)
    if prompt is None:
        return
    share = env.reading.share(prompt.generation.prompt, model.capabilities)
    if share.reread < max(share.kept, _LEAST_CHARS):
        return
    stream = env.slot.start(lambda: _read(prompt, model), Priority.AHEAD)
    if not stream.ended:
        env.readings[ask.snap.uri] = stream
        env.reading.asked(prompt.generation.prompt, model.capabilities)
        env.begins(ask.snap.uri, prompt)


def _next_prompt(ask: Ask, model: Model, env: Env) -> Prompt | None:
    """What would be asked here: the length of the answer has no part in it."""
    around = env.maps.kept(ask.snap.uri, model.capabilities, env.settings)
    question = Question(ask, ask.hole, None, _LINE, model, 0.0, ahead_of=ask.hole, around=around)
    return prompt_for(question, env, LIKELIEST)


async def _read(prompt: Prompt, model: Model) -> AsyncGenerator[Piece, None]:
    """The shortest answer that there is: a server reads only what it answers to."""
    request = replace(prompt.generation, max_tokens=1)
    async with aclosing(model.generate(request)) as pieces:
        async for piece in pieces:
            yield piece

"""The bare model: the prefix as it stands, and the first line of what it says; nothing of fimls.

What the product is compared with.  A model with a format for holes is asked in that format.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.prompt import build
from fimls.completion.trace import Trace
from fimls.completion.values import Completion, Extent, Reason, Shape, Skip
from fimls.errors import ModelError

if TYPE_CHECKING:
    from fimls.clock import Clock
    from fimls.completion.values import Answer, Ask
    from fimls.models.protocol import Generation, Model


class Bare:
    """Asks a model without healing, filters or gate."""

    def __init__(self, model: Model, max_tokens: int, clock: Clock) -> None:
        self._model = model
        self._max_tokens = max_tokens
        self._clock = clock

    async def traced(self, ask: Ask) -> Trace:
        """The first line that the model says at a hole."""
        begun_s = self._clock.now()
        answer = await self._answer(ask)
        spent_ms = (self._clock.now() - begun_s) * 1000
        model = self._model
        return Trace(ask, answer, {"model": spent_ms}, backend=model.backend, model=model.name)

    async def _answer(self, ask: Ask) -> Answer:
        request = self._request(ask)
        if request is None:
            return Skip(Reason.NOTHING_TYPED)
        at = ask.hole.offset
        try:
            text = await self._first_line(request)
        except ModelError as error:
            return Skip(Reason.MODEL_FAILED, str(error))
        if ask.hole.line_before.strip():
            # The hole is within its line, which has an end of its own.
            text = text.rstrip("\n")
        return Completion(text, at, at)

    def _request(self, ask: Ask) -> Generation | None:
        shape, capabilities = Shape(Extent.LINE), self._model.capabilities
        made = build(ask.hole, shape, capabilities, self._max_tokens)
        if made is None:
            return None
        # What healing cuts from the prompt is put back, and not forced.
        return replace(made.generation, prompt=made.generation.prompt + made.lead, force="")

    async def _first_line(self, request: Generation) -> str:
        """What is said up to the end of the first line that is not blank."""
        said = ""
        async with aclosing(self._model.generate(request)) as pieces:
            async for piece in pieces:
                said += piece.text
                start = len(said) - len(said.lstrip())
                end = said.find("\n", start)
                if end >= 0:
                    return said[: end + 1]
        return said

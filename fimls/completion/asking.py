"""Asking the model: once more where it was busy, and with half the text where that was too long."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from fimls.errors import PromptTooLong
from fimls.models.retry import asked_again

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fimls.clock import Clock
    from fimls.models.protocol import Generation, Model, Piece


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

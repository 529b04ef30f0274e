"""What a model's context does not hold, told with its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.actions.request import Refusal, Why

if TYPE_CHECKING:
    from fimls.actions.collect import Selection
    from fimls.actions.prompting import TooLong
    from fimls.models.protocol import Model


def too_long(found: TooLong, selection: Selection, model: Model) -> Refusal:
    """The refusal of a selection that does not fit."""
    lines = selection.last_line - selection.first_line + 1
    size = (
        f"{lines:,} line{'' if lines == 1 else 's'}, about {found.tokens:,} tokens with what goes"
    )
    return Refusal(
        Why.INPUT,
        f"the selection is too long: {size} with it, and {model.name} has room for {found.room:,}",
        "select less, or raise `contextLength`",
    )

"""Prompts that fit: what a template is filled with, cut down until the model's context holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from fimls.actions.filling import LINES_AROUND, cleared_texts
from fimls.context.secrets import clear
from fimls.text.tokens import SMOLLM2, count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.actions.collect import Material
    from fimls.actions.place import Site
    from fimls.models.protocol import Capabilities
    from fimls.text.cleared import Cleared

Made = TypeVar("Made")

# What a model's own template puts around the turns of a chat, and the estimate's error.
_RESERVE_TOKENS: Final = 96

# How much is shown around a site: less and less, until it fits.  What is nearby in the document
# says more than other files do.
_SIZES: Final = ((LINES_AROUND, True), (LINES_AROUND, False), (30, False), (12, False), (3, False))

# The least that is left of a small context for the question.
_LEAST_ROOM_TOKENS: Final = 256


@dataclass(frozen=True, slots=True)
class TooLong:
    """A prompt that does not fit, however little is shown around the site."""

    tokens: int
    room: int


@dataclass(frozen=True, slots=True)
class Filling:
    """What the templates of one action are filled with; `beside` are texts of the repository."""

    material: Material
    site: Site
    beside: Mapping[str, str] = field(default_factory=dict)

    def values(self, lines: int = LINES_AROUND, *, with_context: bool = True) -> dict[str, Cleared]:
        """The values by their names, with so many lines above and below."""
        texts = cleared_texts(self.material, self.site, lines)
        beside = {name: clear(text) for name, text in self.beside.items()}
        return {**texts, **beside, **({} if with_context else {"context": clear("")})}


def counter_of(capabilities: Capabilities) -> Callable[[str], int]:
    """Estimates the tokens of a text for a model."""
    family = capabilities.family
    return partial(count, rate=SMOLLM2 if family is None else family.rate)


def answer_tokens(wanted: int, capabilities: Capabilities) -> int:
    """The most tokens of an answer: what is wanted, if half of the context is enough for it."""
    return max(1, min(wanted, capabilities.context_tokens // 2))


def room_tokens(answer: int, capabilities: Capabilities) -> int:
    """How many tokens a prompt may have beside an answer of at most so many."""
    return max(_LEAST_ROOM_TOKENS, capabilities.context_tokens - answer - _RESERVE_TOKENS)


def fitted(
    make: Callable[[Mapping[str, Cleared]], Made],
    size_of: Callable[[Made], int],
    filling: Filling,
    room: int,
) -> Made | TooLong:
    """The largest prompt that fits into so many tokens.

    Raises:
        PromptError: a template cannot be filled.
    """
    last, smallest = None, 0
    for lines, with_context in _SIZES:
        made = make(filling.values(lines, with_context=with_context))
        if made != last:
            last, smallest = made, size_of(made)
        if smallest <= room:
            return made
    return TooLong(smallest, room)

"""Prompts that fit: what a template is filled with, cut down until the model's context holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from fimls.actions.filling import LINES_AROUND, cleared_texts
from fimls.context.secrets import clear
from fimls.text.tokens import SMOLLM2, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.actions.collect import Material
    from fimls.actions.place import Site
    from fimls.models.protocol import Capabilities, Message
    from fimls.text.cleared import Cleared

Made = TypeVar("Made")

Turns = tuple["Message", ...]
"""A chat so far."""

Make = Callable[["Mapping[str, Cleared]"], Made]
"""Makes a prompt of the values that its template asks for."""

# What a model's own template puts around the turns of a chat, and the estimate's error.
_RESERVE_TOKENS: Final = 96

# How much is shown around a site: less and less, until it fits.  What is nearby in the document
# says more than other files do.
_SIZES: Final = ((LINES_AROUND, True), (LINES_AROUND, False), (30, False), (12, False), (3, False))

# The least that is left of a small context for the question.
_LEAST_PROMPT_TOKENS: Final = 256


@dataclass(frozen=True, slots=True)
class Room:
    """What a model's context has room for, in tokens: a prompt, and the answer to it."""

    prompt: int
    answer: int


@dataclass(frozen=True, slots=True)
class Fitted(Generic[Made]):
    """A prompt that there is room for, and how many tokens its answer may have."""

    prompt: Made
    answer_tokens: int


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


def room_for(answer: int, capabilities: Capabilities) -> Room:
    """The room for an answer of so many tokens, or of as many as half of the context holds."""
    answer = max(1, min(answer, capabilities.context_tokens // 2))
    prompt = max(_LEAST_PROMPT_TOKENS, capabilities.context_tokens - answer - _RESERVE_TOKENS)
    return Room(prompt, answer)


def fitted_text(
    make: Make[str], filling: Filling, tokens: int, capabilities: Capabilities
) -> Fitted[str] | TooLong:
    """The largest text that there is room for besides an answer of so many tokens.

    Raises:
        PromptError: a template cannot be filled.
    """
    return _fitted(make, counter_of(capabilities), filling, room_for(tokens, capabilities))


def fitted_turns(
    make: Make[Turns], filling: Filling, tokens: int, capabilities: Capabilities
) -> Fitted[Turns] | TooLong:
    """The same of a chat."""
    count = counter_of(capabilities)

    def size_of(turns: Turns) -> int:
        return sum(count(turn.content) for turn in turns)

    return _fitted(make, size_of, filling, room_for(tokens, capabilities))


def _fitted(
    make: Make[Made], size_of: Callable[[Made], int], filling: Filling, room: Room
) -> Fitted[Made] | TooLong:
    last, smallest = None, 0
    for lines, with_context in _SIZES:
        made = make(filling.values(lines, with_context=with_context))
        if made != last:
            last, smallest = made, size_of(made)
        if smallest <= room.prompt:
            return Fitted(made, room.answer)
    return TooLong(smallest, room.prompt)

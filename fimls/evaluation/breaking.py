"""The ways in which a text of a model's may be broken: of a true one, what may not fit any more."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    Breaking = Callable[[str, random.Random], str | None]

_BRACKETS: Final = "()[]{}"


def _truncated(middle: str, rng: random.Random) -> str | None:
    return middle[: rng.randrange(1, len(middle))] if len(middle) > 1 else None


def _with_bracket(middle: str, rng: random.Random) -> str:
    at = rng.randrange(len(middle) + 1)
    return middle[:at] + rng.choice(_BRACKETS) + middle[at:]


def _without_bracket(middle: str, rng: random.Random) -> str | None:
    places = [at for at, character in enumerate(middle) if character in _BRACKETS]
    if not places:
        return None
    at = rng.choice(places)
    return middle[:at] + middle[at + 1 :]


def _doubled_word(middle: str, rng: random.Random) -> str:
    words = middle.split(" ")
    at = rng.randrange(len(words))
    return " ".join((*words[: at + 1], *words[at:]))


BREAKINGS: Final[Mapping[str, Breaking]] = MappingProxyType(
    {
        "cut short": _truncated,
        "bracket more": _with_bracket,
        "bracket less": _without_bracket,
        "word twice": _doubled_word,
    }
)
"""By name; None where a text cannot be broken so, and not all of them break it."""

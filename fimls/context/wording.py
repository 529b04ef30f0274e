"""Wording: of what the code around a hole speaks, and how much of that a name says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.context.window import Window

# The figures of this file were chosen on the packages that `docs/evaluation.md` names for it.

# Lines above and below the hole that tell of what it is about; one less near counts this much less.
_LINES_ABOVE: Final = 8
_LINES_BELOW: Final = 3
_FADE: Final = 0.9

# A name of such words only counts so many times more than one of none of them.
_GAIN: Final = 2.0

# `parse_HTMLPage` has three; shorter ones are `is`, `to` and the like.
_PART: Final = re.compile(r"[A-Z][a-z]{2,}|[a-z]{3,}|[A-Z]{3,}(?![a-z])")

# A repository has the same names in many of its maps.
_KNOWN_NAMES: Final = 4096


def spoken_of(window: Window) -> dict[str, float]:
    """The parts of names near the hole, each with the weight of its nearest line."""
    above = window.prefix.rsplit("\n", _LINES_ABOVE)[::-1][:_LINES_ABOVE]
    below = window.suffix.split("\n", _LINES_BELOW)[:_LINES_BELOW]
    weights: dict[str, float] = {}
    for lines in (above, below):
        for distance, line in enumerate(lines):
            for part in _parts(line):
                weights[part] = max(weights.get(part, 0.0), _FADE**distance)
    return weights


def gain(name: str, spoken: Mapping[str, float]) -> float:
    """How many times more a name counts for the parts that it shares with what is spoken of."""
    parts = _parts_of_name(name)
    if not parts:
        return 1.0
    return 1.0 + _GAIN * sum(spoken.get(part, 0.0) for part in parts) / len(parts)


@lru_cache(maxsize=_KNOWN_NAMES)
def _parts_of_name(name: str) -> list[str]:
    return _parts(name)


def _parts(text: str) -> list[str]:
    return [part.lower() for part in _PART.findall(text)]

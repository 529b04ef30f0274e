"""Forward: whether a text goes on from the lines above it, whatever stands below.

In the midst of a change the lines below belong to something that is no longer there, or not yet;
then it is the lines above that an author goes on from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fimls.syntax.effort import Effort
from fimls.syntax.lines_above import above
from fimls.syntax.tree import parse
from fimls.syntax.trial import NEAR_LINES
from fimls.text.line_bounds import line_start

# What a line and the text have at the most, as in `fragment`.
_MOST_CHARS: Final = 8000

# What one ending may cost: 40 lines in order take 20 calls.
_ENDING_EFFORT: Final = 60


def code_above(text: str, offset: int, added: str, grammar: str) -> str | None:
    """The lines that a place goes on from, up to and with a text that is added there.

    They are those near it, and the headers of what it is in; None where a line is too long.
    """
    start = line_start(text, offset)
    own = text[start:offset] + added
    if len(own) > _MOST_CHARS:
        return None
    first = next((line for line in own.split("\n") if line.strip()), "")
    upper = above(text, start, first, grammar, NEAR_LINES, as_code=False)
    opener = (upper.opener,) if upper.opener else ()
    return "\n".join((*upper.headers, *opener, *upper.near, own))


def is_whole(code: str, grammar: str, effort: Effort) -> bool:
    """Whether some code is in order by itself; False also where that takes too long to tell.

    What that has cost is taken off `effort`, also where it is remembered: so the same is tried.
    """
    is_sound, calls = _judged(code, grammar)
    effort.spend(calls)
    return is_sound


# While a text is streamed the same line is judged with each piece, with the same endings.
@lru_cache(maxsize=32)
def _judged(code: str, grammar: str) -> tuple[bool, int]:
    """Whether some code is in order, and how many calls that has taken to tell."""
    effort = Effort(_ENDING_EFFORT)
    tree = parse(code, grammar, effort=effort)
    return tree is not None and not tree.root.has_error, _ENDING_EFFORT - effort.left

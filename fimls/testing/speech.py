"""How a text model's answer becomes events: tokens, stop strings, and the end.

Pure; shared by the fakes of all servers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, cycle
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# The fakes have no tokenizer; the benches of `peer-bench.md` §1 count in the same way.
CHARACTERS_PER_TOKEN: Final = 4

# What a model says that nothing has stopped.  No four of its tokens are alike, so that a guard
# against repetition does not mistake it for a loop.
_RAMBLING: Final = ("\n# a", "nd s", "o on", ", wi", "thou", "t en", "d\n")


class Ended(StrEnum):
    """Why an answer ended."""

    STOP = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Event:
    """A step of an answer: the text that can be sent ("" while it may be part of a stop string),
    the tokens it took, and with the last one why it ended."""

    text: str
    tokens: int
    ended: Ended | None = None


def tokens_in(text: str, single: Sequence[str] = ()) -> int:
    """The tokens that a text is said to have; a part of one counts as one.

    Each spelling that is `single` is one token, however long it is.
    """
    if not single:
        return -(-len(text) // CHARACTERS_PER_TOKEN)
    parts = re.split(f"({'|'.join(map(re.escape, single))})", text)
    return sum(1 if part in single else tokens_in(part) for part in parts)


def tokenized(text: str) -> list[str]:
    """The text in pieces of one token each."""
    step = CHARACTERS_PER_TOKEN
    return [text[at : at + step] for at in range(0, len(text), step)]


def rambling(answer: Iterable[str], end_marker: str) -> Iterator[str]:
    """An answer, the text that marks its end, and then more and more of something else."""
    return chain(answer, [end_marker], cycle(_RAMBLING))


def events(
    chunks: Iterable[str], stops: Sequence[str], limit: int, *, single: str = ""
) -> Iterator[Event]:
    """What a server makes of an answer that comes in `chunks`, of at most `limit` tokens.

    A chunk that is `single` is one token, however long it is.  The earliest stop string ends the
    answer and is left out; text that may be the beginning of one is held back until it is clear.
    """
    held, left = "", limit
    for chunk in chunks:
        part = chunk if chunk == single else chunk[: left * CHARACTERS_PER_TOKEN]
        tokens = 1 if chunk == single else tokens_in(part)
        left -= tokens
        held += part
        stop = _earliest(held, stops)
        if stop is not None:
            yield Event(held[:stop], tokens, Ended.STOP)
            return
        if left <= 0:
            yield Event(held, tokens, Ended.LENGTH)
            return
        sure = len(held) - _doubtful(held, stops)
        yield Event(held[:sure], tokens)
        held = held[sure:]
    yield Event(held, 0, Ended.STOP)


def _earliest(text: str, stops: Sequence[str]) -> int | None:
    found = (text.find(stop) for stop in stops if stop)
    return min((at for at in found if at >= 0), default=None)


def _doubtful(text: str, stops: Sequence[str]) -> int:
    """How much of the text's end may be the beginning of a stop string."""
    longest = max(map(len, stops), default=0)
    lengths = range(min(longest - 1, len(text)), 0, -1)
    return next((n for n in lengths if any(stop.startswith(text[-n:]) for stop in stops)), 0)

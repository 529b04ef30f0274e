"""What the author of a typing trace does, step by step, and when a suggestion is right.

Pure.  The rhythm is `typing_trace`'s; what is right is said in `peer-bench.md` §1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fimls.evaluation import typing_trace as rhythm
from fimls.text.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.evaluation.typing_trace import Trace


class Act(StrEnum):
    """What the author does."""

    KEY = "key"
    BACK = "back"
    PAUSE = "pause"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Step:
    """A key with what it writes, a letter deleted, a pause, or a line to be accepted."""

    act: Act
    text: str = ""


def steps(trace: Trace) -> Iterator[Step]:
    """All that is done, until there are no keys left or no text."""
    typed = keys = 0
    while keys < rhythm.KEYS and typed < len(trace.middle):
        for step in _burst(keys, trace.middle[typed:]):
            keys += 1
            yield step
        if step.act is Act.KEY:
            typed += len(step.text)
        # A slip never reaches over a pause.
        number, left_over = divmod(keys, rhythm.PAUSE_EVERY)
        if left_over:
            continue
        yield Step(Act.PAUSE)
        line = rhythm.first_line(trace.middle[typed:])
        if number in rhythm.ACCEPTING_PAUSES and line:
            yield Step(Act.ACCEPT, line)
            typed += len(line)


def _burst(keys: int, left: str) -> list[Step]:
    """A key; where it is time for that, a slip: wrong letters, and their end."""
    if keys not in rhythm.SLIPS:
        return [Step(Act.KEY, next(rhythm.keys(left)))]
    return [
        *(Step(Act.KEY, letter) for letter in rhythm.SLIP),
        *(Step(Act.BACK) for _letter in rhythm.SLIP),
    ]


def left_after(typed: str, trace: Trace) -> str:
    """What is still to be typed; "" while wrong letters are there."""
    return trace.middle[len(typed) :] if trace.middle.startswith(typed) else ""


def right(shown: str, left: str) -> int:
    """How many characters of a suggestion are what is typed next.

    0 unless that is so for all of its first line that is not blank.
    """
    line = rhythm.first_line(shown)
    if not line.strip() or not left.startswith(line):
        return 0
    return shared(shown, left)

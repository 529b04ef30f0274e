"""Waiting times of which some ended too early to be known, because the author left.

Leaving them out would make a slow server look quick: those who waited long are those who leave.
The estimate is Kaplan and Meier's (1958).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Wait(NamedTuple):
    """How long somebody waited, in seconds, and whether for an answer that came."""

    seconds: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """The share that would still wait, if nobody left, after each time at which an answer came."""

    steps: tuple[tuple[float, float], ...]

    def quantile(self, share: float) -> float | None:
        """The seconds within which that share is answered; None where it never is."""
        left = 1 - share
        return next((at_s for at_s, waiting in self.steps if waiting <= left + 1e-9), None)

    def within(self, seconds: float) -> float:
        """The share that is answered within a time."""
        waiting = 1.0
        for at_s, then in self.steps:
            if at_s > seconds:
                break
            waiting = then
        return 1 - waiting


def waits(each: Iterable[Wait]) -> Waits:
    """What is known of all waits together."""
    # Of two that end at the same time, the one that was answered counts first.
    ordered = sorted(each, key=lambda wait: (wait.seconds, not wait.answered))
    waiting, steps = 1.0, []
    for number, wait in enumerate(ordered):
        if wait.answered:
            there = len(ordered) - number
            waiting *= (there - 1) / there
            steps.append((wait.seconds, waiting))
    return Waits(tuple(steps))

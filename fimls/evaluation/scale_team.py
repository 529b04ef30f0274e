"""A team: when the requests of many authors come to the server that they share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from random import Random
from typing import TYPE_CHECKING

from fimls.evaluation.scale_server import Arrival

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.evaluation.scale_author import Burst
    from fimls.evaluation.scale_speaker import Request

# Blocks of two bursts are never the same: each has a range of numbers of its own.
_RANGE = 1 << 20


@dataclass(frozen=True, slots=True)
class Team:
    """How many authors there are, what share of the time they type, and for how long they work.

    Each goes through bursts chosen at random, at another place each time, and reads in between for
    a time that is distributed exponentially.
    """

    editors: int
    typing: float
    seconds: float
    seed: int = 0


def arrivals(bursts: Sequence[Burst], team: Team) -> list[Arrival]:
    """All requests of a team, in the order of their times."""
    each = (
        arrival
        for editor in range(team.editors)
        for arrival in _of_one(bursts, team, editor)
        if 0 <= arrival.at_s < team.seconds
    )
    return sorted(each, key=lambda arrival: arrival.at_s)


def _of_one(bursts: Sequence[Burst], team: Team, editor: int) -> Iterator[Arrival]:
    random = Random(f"{team.seed}:{editor}")  # noqa: S311
    mean_s = sum(burst.lasts_s for burst in bursts) / len(bursts)
    reading_s = mean_s * (1 - team.typing) / team.typing
    # Somewhere in its round, so that the team is at work from the first moment on.
    now_s = -random.random() * (mean_s + reading_s)
    number = 0
    while now_s < team.seconds:
        burst = random.choice(bursts)
        yield from _placed(burst, now_s, (editor * 10_000 + number) * _RANGE)
        now_s += burst.lasts_s
        now_s += random.expovariate(1 / reading_s) if reading_s else 0.0
        number += 1


def _placed(burst: Burst, begins_s: float, blocks_from: int) -> Iterator[Arrival]:
    """The requests of a burst; the next one ends the one before, as fimls' slot does."""
    nexts = [*(later.begins_s for _, later in pairwise(burst.requests)), inf]
    for request, next_s in zip(burst.requests, nexts, strict=True):
        left_s = inf if request.left_s is None else request.begins_s + request.left_s
        yield Arrival(
            at_s=begins_s + request.begins_s,
            prompt=request.prompt,
            blocks=tuple(blocks_from + block for block in request.blocks),
            line=request.line,
            wants=request.wants,
            leaves_s=begins_s + min(left_s, next_s),
        )


def alone(request: Request) -> Arrival:
    """A request by itself, which nobody takes back."""
    return Arrival(0.0, request.prompt, request.blocks, request.line, request.wants)

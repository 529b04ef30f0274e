"""What the author of a typing trace saw: which keys and pauses had a right suggestion, and when.

Pure; the columns are those of `peer-bench.md` §1 and §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.evaluation.typing_steps import left_after, right
from fimls.evaluation.typing_timeline import Kind, Rest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.evaluation.typing_timeline import Sight, Stop, Stroke, Timeline

FAST_S: Final = 0.05
"""A suggestion by then is as good as at once."""

SLOW_S: Final = 0.3
"""One that comes later is not awaited by anybody who types."""


@dataclass(frozen=True, slots=True)
class Waited:
    """A key: how long until something right stood there, or None where that never was.

    `own_s` is the same for the server's own answers.  `hit`: no request came to the model
    meanwhile; None where nobody could look.  `wrong`: what stood there after 50 ms; "" where it
    was nothing wrong, None where the next key had come by then.
    """

    stroke: Stroke
    seen_s: float | None
    own_s: float | None
    hit: bool | None
    wrong: str | None
    can_be: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of all keys."""

    fast: float
    slow: float


@dataclass(frozen=True, slots=True)
class Seen:
    """The columns of what was seen; waits are None where nothing right was shown in time."""

    keys: int
    seen: Shares
    own: Shares
    can_be: float
    hits: float | None
    wrong: float
    pauses_s: tuple[float | None, ...]
    accepts_s: tuple[float | None, ...]
    by_hand: int


def seen(timeline: Timeline) -> Seen:
    """The columns of a run."""
    keys = waited(timeline)
    arrivals = timeline.works is not None
    looked = [key.wrong for key in keys if key.wrong is not None]
    return Seen(
        keys=len(keys),
        seen=_shares([key.seen_s for key in keys]),
        own=_shares([key.own_s for key in keys]),
        can_be=_share([key.can_be for key in keys]),
        hits=_share([bool(key.hit) for key in keys]) if arrivals else None,
        wrong=_share([bool(text) for text in looked]),
        pauses_s=tuple(_waits(timeline, Rest.PAUSE)),
        accepts_s=tuple(_waits(timeline, Rest.ACCEPTED)),
        by_hand=sum(stop.rest is Rest.BY_HAND for stop in timeline.stops),
    )


def waited(timeline: Timeline) -> list[Waited]:
    """All keys of the trace: not what was accepted, nor lines typed in its stead."""
    pairs = zip(timeline.strokes, timeline.ends_s, strict=True)
    return [
        _waited(timeline, stroke, end_s)
        for stroke, end_s in pairs
        if stroke.kind in (Kind.KEY, Kind.BACK)
    ]


def _waited(timeline: Timeline, stroke: Stroke, end_s: float) -> Waited:
    left = left_after(stroke.typed, timeline.trace)
    until_s = min(end_s, stroke.at_s + SLOW_S)
    here = _between(timeline.sights, stroke.typed, stroke.at_s, until_s)
    seen_s = _first_right(here, left)
    own_s = _first_right([sight for sight in here if sight.own], left)
    return Waited(
        stroke=stroke,
        seen_s=None if seen_s is None else seen_s - stroke.at_s,
        own_s=None if own_s is None else own_s - stroke.at_s,
        hit=_hit(timeline, stroke.at_s, seen_s),
        wrong=_wrong(timeline.sights, stroke, end_s, left),
        can_be=bool(left),
    )


def _hit(timeline: Timeline, from_s: float, seen_s: float | None) -> bool | None:
    if timeline.works is None:
        return None
    if seen_s is None:
        return False
    return not any(from_s <= work.arrived_s <= seen_s for work in timeline.works)


def _wrong(sights: Sequence[Sight], stroke: Stroke, end_s: float, left: str) -> str | None:
    at_s = stroke.at_s + FAST_S
    if end_s <= at_s:
        return None
    text = next((sight.text for sight in reversed(sights) if sight.at_s <= at_s), "")
    return text if text.strip() and not right(text, left) else ""


def _waits(timeline: Timeline, rest: Rest) -> Iterator[float | None]:
    return (_wait(timeline, stop) for stop in timeline.stops if stop.rest is rest)


def _wait(timeline: Timeline, stop: Stop) -> float | None:
    left = left_after(stop.typed, timeline.trace)
    here = _between(timeline.sights, stop.typed, stop.from_s, stop.until_s)
    at_s = _first_right(here, left)
    return None if at_s is None else at_s - stop.from_s


def _between(sights: Sequence[Sight], typed: str, from_s: float, until_s: float) -> list[Sight]:
    return [each for each in sights if from_s <= each.at_s < until_s and each.typed == typed]


def _first_right(sights: Sequence[Sight], left: str) -> float | None:
    return next((each.at_s for each in sights if right(each.text, left)), None)


def _shares(waits_s: Sequence[float | None]) -> Shares:
    fast = [wait is not None and wait <= FAST_S for wait in waits_s]
    return Shares(_share(fast), _share([wait is not None for wait in waits_s]))


def _share(each: Sequence[bool]) -> float:
    return sum(each) / max(1, len(each))

"""The report of `fimls eval latency`: a column for each trace, beside floors and targets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil, inf
from statistics import median
from typing import TYPE_CHECKING, Final

from fimls.evaluation.typing_floor import floors
from fimls.evaluation.typing_seen import FAST_S, seen, waited
from fimls.evaluation.typing_worked import worked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fimls.evaluation.typing_bench import Weather
    from fimls.evaluation.typing_floor import Floor
    from fimls.evaluation.typing_seen import Seen
    from fimls.evaluation.typing_timeline import Timeline
    from fimls.evaluation.typing_trace import Trace
    from fimls.evaluation.typing_worked import FirstReading, Share, Worked

TARGET: Final[Mapping[str, str]] = {
    "requests (per key)": "≤ 20",
    "characters read": "≤ 8000",
    "model seconds": "≤ 8",
    "pause → shown, ms": "≤ 10 / 10",
    "right within 50 ms": "≥ 90 %",
    "wrong text after 50 ms": "≤ 0.5 %",
    "after an accept, 50 ms": "8 of 9",
    "generations at once": "1",
    "reloads": "0",
    "entered, half re-read": "≤ 1 in 5",
    "narrow windows": "0",
}
"""What issue 5 asks for; the pauses where the answer can be known, with a model that is right."""


@dataclass(frozen=True, slots=True)
class Report:
    """The runs of one trace."""

    trace: Trace
    weather: Weather
    timelines: tuple[Timeline, ...]

    @property
    def seen(self) -> list[Seen]:
        """What the author saw, run by run."""
        return [seen(timeline) for timeline in self.timelines]

    @property
    def worked(self) -> list[Worked]:
        """What the model did, run by run; none where nobody could look."""
        return [found for timeline in self.timelines if (found := worked(timeline)) is not None]


def cells(report: Report) -> dict[str, str]:
    """The column of a trace: medians over its runs, waits of all runs together."""
    return {**_worked_cells(report.worked, report.seen), **_seen_cells(report.seen)}


def floor_cells(floor: Floor) -> dict[str, str]:
    """The column of a floor."""
    fast = {} if floor.fast is None else {"right within 50 ms": _percent(floor.fast)}
    return {
        "requests (per key)": str(floor.requests),
        "characters read": str(floor.read),
        "per request": f"{floor.read / floor.requests:.0f}",
        "model seconds": f"{floor.model_s:.1f}",
        "pause → shown, ms": _spread(floor.pauses_s),
        "pauses without": f"0 of {len(floor.pauses_s)}",
        **fast,
    }


def as_json(report: Report) -> dict[str, object]:
    """All of it for machines, with what happened when (seconds since the first key)."""
    weather = asdict(report.weather)
    return {
        "trace": report.trace.path,
        "weather": weather,
        "seen": [asdict(each) for each in report.seen],
        "worked": [asdict(each) for each in report.worked],
        "floors": [asdict(each) for each in floors(report.trace)],
        "timelines": [_timeline_json(timeline) for timeline in report.timelines],
    }


def _worked_cells(all_worked: Sequence[Worked], all_seen: Sequence[Seen]) -> dict[str, str]:
    if not all_worked:
        return {}

    def mid(pick: Callable[[Worked], float]) -> float:
        return median(pick(each) for each in all_worked)

    requests = mid(lambda each: each.requests)
    keys = median(each.keys for each in all_seen)
    return {
        "requests (per key)": f"{requests:.0f} ({requests / keys:.2f})",
        "cancelled": f"{mid(lambda each: each.cancelled):.0f}",
        "late": f"{mid(lambda each: each.late):.0f}",
        "characters read": f"{mid(lambda each: each.read):.0f}",
        "per request": f"{mid(lambda each: each.per_request):.0f}",
        "model seconds": f"{mid(lambda each: each.model_s):.1f}",
        "first reading": _first(all_worked[0].first),
        "re-read on a line": f"{mid(lambda each: each.reread):.0f}",
        "1.5 × (new + suffix)": f"{mid(lambda each: each.allowed):.0f}",
        "over that": _sum([each.over for each in all_worked]),
        "entered, half re-read": _sum([each.entered for each in all_worked]),
        "unknown before 0.30": f"{mid(lambda each: each.unknown_to[0]):.0f} a request",
        "unknown since 0.30": f"{mid(lambda each: each.unknown_to[1]):.0f} a request",
        "least before, after": f"{min(each.least_prefix for each in all_worked)}, "
        f"{min(each.least_suffix for each in all_worked)}",
        "narrow windows": _sum([each.narrow for each in all_worked]),
        "generations at once": str(max(each.most_at_once for each in all_worked)),
        "reloads": str(sum(each.reloads for each in all_worked)),
    }


def _seen_cells(all_seen: Sequence[Seen]) -> dict[str, str]:
    pauses = [wait for each in all_seen for wait in each.pauses_s]
    accepts = [wait for each in all_seen for wait in each.accepts_s]
    by_hand = sum(each.by_hand for each in all_seen)

    def mid(pick: Callable[[Seen], float]) -> str:
        return _percent(median(pick(each) for each in all_seen))

    hits = [each.hits for each in all_seen if each.hits is not None]
    return {
        "pause → shown, ms": _spread(pauses),
        "pauses without": f"{pauses.count(None)} of {len(pauses)}",
        "right within 50 ms": mid(lambda each: each.seen.fast),
        "right within 300 ms": mid(lambda each: each.seen.slow),
        "own within 50 ms": mid(lambda each: each.own.fast),
        "own within 300 ms": mid(lambda each: each.own.slow),
        "hits": _percent(median(hits)) if hits else "-",
        "can be right": mid(lambda each: each.can_be),
        "wrong text after 50 ms": f"{100 * median(each.wrong for each in all_seen):.1f} %",
        "after an accept, 50 ms": _within(accepts, FAST_S),
        "after an accept, 0.6 s": _within(accepts, inf),
        "lines typed by hand": f"{by_hand} of {by_hand + len(accepts)}",
    }


def _timeline_json(timeline: Timeline) -> dict[str, object]:
    from_s = timeline.strokes[0].at_s

    def since(at_s: float | None) -> float | None:
        return None if at_s is None else round(at_s - from_s, 4)

    return {
        "keys": [
            {
                "at_s": since(key.stroke.at_s),
                "typed": len(key.stroke.typed),
                "seen_s": key.seen_s,
                "own_s": key.own_s,
                "hit": key.hit,
                "wrong": key.wrong,
                "can_be": key.can_be,
            }
            for key in waited(timeline)
        ],
        "stops": [
            {"rest": stop.rest, "from_s": since(stop.from_s), "typed": len(stop.typed)}
            for stop in timeline.stops
        ],
        "sights": [
            {**asdict(each), "at_s": since(each.at_s), "typed": len(each.typed)}
            for each in timeline.sights
        ],
        "works": [
            {**asdict(each), "arrived_s": since(each.arrived_s), "ended_s": since(each.ended_s)}
            for each in timeline.works or ()
        ],
    }


def _first(first: FirstReading) -> str:
    return f"{first.read} in {first.model_s:.1f} s"


def _sum(shares: Sequence[Share]) -> str:
    return f"{sum(each.count for each in shares)} of {sum(each.of for each in shares)}"


def _within(waits_s: Sequence[float | None], limit_s: float) -> str:
    return f"{sum(wait is not None and wait <= limit_s for wait in waits_s)} of {len(waits_s)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _spread(waits_s: Sequence[float | None]) -> str:
    """Median and 90th percentile; a wait for nothing is endless."""
    if not waits_s:
        return "-"
    ordered = sorted(inf if wait is None else wait for wait in waits_s)
    picked = (ordered[(len(ordered) - 1) // 2], ordered[ceil(0.9 * len(ordered)) - 1])
    return " / ".join("never" if wait == inf else f"{1000 * wait:.0f}" for wait in picked)

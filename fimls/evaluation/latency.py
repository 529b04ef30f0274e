"""What a measurement of times comes to: how they spread, beside the target that they have."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number of times spread, in milliseconds."""

    count: int
    least_ms: float
    p50_ms: float
    p95_ms: float
    most_ms: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of a report: what was measured, and what its 95th percentile should be at most."""

    what: str
    spread: Spread
    target_p95_ms: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the target, if there is one, is met."""
        return self.target_p95_ms is None or self.spread.p95_ms <= self.target_p95_ms


def spread(times_ms: Sequence[float]) -> Spread:
    """How at least two times spread."""
    # The inclusive method never says more than was measured.
    p95_ms = quantiles(times_ms, n=20, method="inclusive")[-1]
    return Spread(len(times_ms), min(times_ms), median(times_ms), p95_ms, max(times_ms))


def as_json(figure: Figure) -> dict[str, object]:
    """The line for machines."""
    return {
        "what": figure.what,
        "requests": figure.spread.count,
        "least_ms": round(figure.spread.least_ms, 3),
        "p50_ms": round(figure.spread.p50_ms, 3),
        "p95_ms": round(figure.spread.p95_ms, 3),
        "most_ms": round(figure.spread.most_ms, 3),
        "target_p95_ms": figure.target_p95_ms,
        "met": figure.is_met,
    }

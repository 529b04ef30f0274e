"""Shares: how many of how many, in percent and with the standard error."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` cases."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        """The share in percent; 0 of nothing."""
        return 100 * self.part / self.whole if self.whole else 0.0

    @property
    def error(self) -> float:
        """The binomial standard error, in points of percent: the cases are independent draws."""
        share = self.percent / 100
        return 100 * sqrt(share * (1 - share) / self.whole) if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.percent:.1f} ±{self.error:.1f}" if self.whole else "none"

    def as_json(self) -> dict[str, float]:
        """For machines; `error` is the standard error in points."""
        return {
            "part": self.part,
            "of": self.whole,
            "percent": round(self.percent, 2),
            "error": round(self.error, 2),
        }

"""A change: text in place of other text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """`text` in place of what stands from `start` up to `end` (offsets)."""

    start: int
    end: int
    text: str

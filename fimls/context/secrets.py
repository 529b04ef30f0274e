"""Secrets: the only way to `Cleared` text, and the questions whether a line or a file is secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.context.secret_shapes import spans
from fimls.repository.secret_files import is_secret_file
from fimls.text.cleared import Cleared

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MASK", "clear", "clear_halves", "has_secret", "is_secret_file"]

MASK = "<redacted>"
"""What stands for a secret; a completion that repeats it is dropped."""


def clear(text: str) -> Cleared:
    """The text with every secret replaced by `MASK`, ready for a prompt.

    Idempotent.  Offsets change, lines do not: a secret over several lines (a PEM block) becomes
    the mask and as many line ends as it had.  Takes about 1 ms for 28 kB.
    """
    return _without(text, spans(text), 0, len(text))


def clear_halves(text: str, first: int, middle: int, last: int) -> tuple[Cleared, Cleared]:
    """What is before and behind a place, cleared; what is around tells of secrets that are cut.

    The halves are from `first` to `middle` and from there to `last`.  Of a secret that lies across
    one of the three each part is masked.
    """
    found = tuple(spans(text))
    return _without(text, found, first, middle), _without(text, found, middle, last)


def _without(text: str, found: Iterable[tuple[int, int]], first: int, last: int) -> Cleared:
    """The text between two offsets without the spans, or parts of them, that are in there."""
    parts: list[str] = []
    end = first
    for start, stop in found:
        start, stop = max(start, first), min(stop, last)  # noqa: PLW2901  The part that is inside.
        if start < stop:
            parts += text[end:start], MASK, "\n" * text.count("\n", start, stop)
            end = stop
    return Cleared("".join([*parts, text[end:last]]))


def has_secret(line: str) -> bool:
    """Whether `clear` would replace anything in the line."""
    return next(spans(line), None) is not None

"""Loops: a small model may say the same again and again, up to its most tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# So many lines at the most are repeated together.
_LONGEST_LINES: Final = 6

IN_WORDS: Final = 3
"""How often in a row nobody says the same."""

IN_CODE: Final = 6
"""Code may well have a few lines that are alike."""

# Lines this short, as of a table or a list of signs, are alike without being a loop.
_LEAST_CHARS: Final = 12


def without_loop(text: str, times: int = IN_WORDS) -> str | None:
    """The text up to the first of the repetitions that it ends with; None where it has none.

    A line that is being said does not count.
    """
    lines = text.split("\n")
    seen = [at for at, line in enumerate(lines[:-1]) if line.strip()]
    said = [lines[at].strip() for at in seen]
    for period in range(1, _LONGEST_LINES + 1):
        found = _repetitions(said, period)
        if found >= times and sum(map(len, said[-period:])) >= _LEAST_CHARS:
            return "\n".join(lines[: seen[-period * (found - 1)]]).rstrip()
    return None


def _repetitions(lines: Sequence[str], period: int) -> int:
    """How often the last lines, so many of them, stand there in a row."""
    last, count = lines[-period:], 0
    while last and lines[len(lines) - period * (count + 1) : len(lines) - period * count] == last:
        count += 1
    return count

"""A uniform difference in indentation between lines as they are said and as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# What models write for one tab.
_TAB_UNITS: Final = (4, 2, 8)


@dataclass(frozen=True, slots=True)
class Shift:
    """What turns the indentation of a line as it is said into that of the file.

    `cut` is taken away, `add` put before; with a `unit`, each tab of the file is said as so many
    blanks.
    """

    add: str = ""
    cut: str = ""
    unit: int = 0

    def __call__(self, line: str) -> str:
        """A line of the hunk as the file would have it; blank ones stay blank."""
        if not line.strip():
            return line
        if self.unit:
            blanks = indentation(line)
            tabs, rest = divmod(len(blanks.expandtabs(self.unit)), self.unit)
            line = "\t" * tabs + " " * rest + line[len(blanks) :]
        if self.cut and not line.startswith(self.cut):
            # A line that is less indented than all that it stands with.
            return line.lstrip(" \t")
        return self.add + line.removeprefix(self.cut)


SAME: Final = Shift()
"""No difference."""


def indentation(line: str) -> str:
    """The blanks and tabs that a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def shift_between(pairs: Sequence[tuple[str, str]]) -> Shift | None:
    """The one shift by which all said lines become those that stand there; None for none.

    Of each pair the first is said and the second stands; they agree but for indentation.
    """
    visible = [pair for pair in pairs if pair[0].strip()]
    if not visible:
        return SAME
    said, there = (indentation(line) for line in visible[0])
    tries = [Shift(unit=unit) for unit in _TAB_UNITS]
    if there.endswith(said):
        tries.insert(0, Shift(add=there.removesuffix(said)))
    if said.endswith(there):
        tries.insert(0, Shift(cut=said.removesuffix(there)))
    return next((each for each in tries if all(each(a) == b for a, b in visible)), None)

"""Texts of fimls's own that formats are looked at and tried with; no secret can be in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.text.cleared import Cleared

if TYPE_CHECKING:
    from fimls.models.families import Family

PREFIX_MARK: Final = "\ufdd0"
SUFFIX_MARK: Final = "\ufdd1"
"""Code points that Unicode keeps out of all texts: they stand for the prefix and the suffix."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A text with a hole, and the names that whatever fills it must have in its first line."""

    prefix: Cleared
    suffix: Cleared
    names: tuple[str, ...]

    def prompt(self, family: Family) -> str:
        """The text in the format of a family: with the prefix first, where it has that order."""
        render = family.psm or family.spm
        return "" if render is None else render(self.prefix, self.suffix)


HOLE: Final = Specimen(Cleared(PREFIX_MARK), Cleared(SUFFIX_MARK), ())
"""Nothing but a hole: what is left around it is the format."""

SUM: Final = Specimen(Cleared("def add(a, b):\n    return "), Cleared("\n"), ("a", "b"))
"""What any model of code goes on with, if the markers do not confuse it (`ollama.md` §5.3)."""

RESULT: Final = Specimen(
    Cleared("def area(width, height):\n    "),
    Cleared(" = width * height\n    return outcome\n"),
    ("outcome",),
)
"""What only a model says that reads the suffix: the name is nowhere else."""

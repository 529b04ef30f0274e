"""Search/replace blocks: what to look for, and what to put in its place, between marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from fimls.text.hunks import Hunk, Refused, hunk_between

# Both ways of marking that models have been taught, and the number of signs they get wrong.
_BEGIN: Final = re.compile(r"\s*(?:<{5,9}|-{5,9}) ?(?:SEARCH|ORIGINAL|BEFORE|HEAD)\b.*")
_MIDDLE: Final = re.compile(r"\s*={5,9}\s*")
_END: Final = re.compile(r"\s*(?:>{5,9}|\+{5,9}) ?(?:REPLACE|UPDATED|AFTER|[\w./-]+)?\s*")

# A line that names a file, however it is set off.
_PATH: Final = re.compile(
    r"[\s#*`]*(?:(?:[Ff]ile(?:name)?|[Pp]ath): ?)?`?([\w.@+\\/-]*\w\.\w+)`?[:\s*]*"
)
_FENCE: Final = re.compile(r"\s*(?:`{3,}|~{3,}).*")


def is_search_replace(text: str) -> bool:
    """Whether a text has the begin of a search/replace block."""
    return any(_BEGIN.fullmatch(line) for line in text.split("\n"))


def read_search_replace(text: str) -> tuple[Hunk, ...] | Refused:
    """The blocks of an answer (LF line ends), in their order, each as a hunk."""
    reader = _Reader()
    for line in text.split("\n"):
        refused = reader.take(line)
        if refused is not None:
            return refused
    if reader.place:
        return Refused(
            f"Block {len(reader.hunks) + 1} is not finished: after the lines to look for it needs"
            " a line `=======`, the new lines, and a line `>>>>>>> REPLACE`."
        )
    return tuple(reader.hunks)


@dataclass
class _Reader:
    """Goes through an answer line by line; `place` is "" outside of blocks, else the part."""

    hunks: list[Hunk] = field(default_factory=list)
    path: str = ""
    place: str = ""
    search: list[str] = field(default_factory=list)
    replace: list[str] = field(default_factory=list)

    def take(self, line: str) -> Refused | None:
        """Takes in the next line."""
        if not self.place:
            self._outside(line)
        elif self.place == "search" and _MIDDLE.fullmatch(line):
            self.place = "replace"
        elif self.place == "replace" and _END.fullmatch(line):
            self.hunks.append(hunk_between(self.search, self.replace, self.path))
            self.place = ""
        elif _BEGIN.fullmatch(line) and line.lstrip()[0] == "<":
            return Refused(f"Block {len(self.hunks) + 1} begins anew before it has ended.")
        else:
            (self.search if self.place == "search" else self.replace).append(line)
        return None

    def _outside(self, line: str) -> None:
        if _BEGIN.fullmatch(line):
            self.place, self.search, self.replace = "search", [], []
        elif found := _PATH.fullmatch(line):
            self.path = found[1]
        elif line.strip() and not _FENCE.fullmatch(line):
            # What was said further up names no file for this block.
            self.path = ""

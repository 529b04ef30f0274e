"""Where each document was edited last: numbers of lines, so that no text is kept alive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is between two edits so near to each other belongs to both.
_NEAR_LINES: Final = 3

# A region is about one change, and is shown as a whole.
_MOST_LINES: Final = 8

# Documents that are remembered, which are those of some minutes of work.
_MOST_DOCUMENTS: Final = 16


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a text, 0-based; the last one is part of it."""

    first: int
    last: int

    def edited(self, first: int, removed: int, added: int) -> Region:
        """The region after an edit at line `first` that took away and added so many line ends.

        Only what is near the edit is still part of it.
        """
        shift = added - removed
        end = first + added
        if first > self.last + _NEAR_LINES or first + removed < self.first - _NEAR_LINES:
            return Region(first, end)
        top, bottom = min(first, self.first), max(end, self.last + shift)
        # What was edited last counts most.
        top = max(top, end - _MOST_LINES + 1)
        return Region(top, min(bottom, top + _MOST_LINES - 1))


class Edits:
    """The last edited region of each document, of a bounded number of them."""

    def __init__(self) -> None:
        self._regions: dict[str, Region] = {}

    def __iter__(self) -> Iterator[tuple[str, Region]]:
        """The documents by their URIs, the last edited one first."""
        return iter(tuple(reversed(self._regions.items())))

    def note(self, uri: str, first: int, removed: int, added: int) -> None:
        """Notes an edit at line `first`, by the line ends that it took away and added."""
        last = self._regions.pop(uri, None)
        edited = Region(first, first + added)
        self._regions[uri] = edited if last is None else last.edited(first, removed, added)
        while len(self._regions) > _MOST_DOCUMENTS:
            del self._regions[next(iter(self._regions))]

    def forget(self, uri: str) -> None:
        """Forgets a document."""
        self._regions.pop(uri, None)

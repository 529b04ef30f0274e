"""Which files define and use a name: the inverted index that a server keeps in memory.

A file that has changed is a new entry, and the old one is dead.  So nothing is ever taken out of
the lists of entries, and every view that was made before shares them as they are.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Final

from fimls.repository.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from fimls.repository.content import Content

# Half of the entries may be dead, and some more in a small folder, before they are cleared away.
_SPARE: Final = 2_000

_NONE: Final = array("I")


class Catalog:
    """The entries of a folder: for each its path and digest, and the names that lead to it.

    `unsaved` are contents by entry that are in no store: those of open documents.  Its first
    entries are those that a store has `kept`, each of which is dead until it is woken.
    """

    def __init__(self, kept: Postings = Postings()) -> None:  # noqa: B008  Nothing changes it.
        self.paths = [*kept.paths]
        self.digests = [*kept.digests]
        self.unsaved: dict[int, Content] = {}
        self.numbers: dict[str, int] = {}
        self.live = bytearray(len(self.paths))
        self._kept = kept
        self._asleep = {path: number for number, path in enumerate(self.paths)}
        self._defined: dict[str, array[int]] = {}
        self._used: dict[str, array[int]] = {}

    def put(
        self, path: str, digest: bytes, defined: str, used: str, unsaved: Content | None = None
    ) -> None:
        """Takes a file as it is now; names have blanks between them."""
        if unsaved is None and self.wake(path, digest):
            return
        self.drop(path)
        number = len(self.paths)
        self.paths.append(path)
        self.digests.append(digest)
        self.live.append(1)
        self.numbers[path] = number
        if unsaved is not None:
            self.unsaved[number] = unsaved
        _note(self._defined, defined.split(), number)
        _note(self._used, used.split(), number)

    def wake(self, path: str, digest: bytes) -> bool:
        """Takes a file as it is now, if that is how it was kept; whether it is."""
        number = self._asleep.get(path)
        if number is None or self.digests[number] != digest:
            return False
        del self._asleep[path]
        self.drop(path)
        self.live[number] = 1
        self.numbers[path] = number
        return True

    def drop(self, path: str) -> None:
        """A file is not there any more."""
        number = self.numbers.pop(path, None)
        if number is not None:
            self.live[number] = 0
            self.unsaved.pop(number, None)

    def keep(self, path: str, content: Content) -> None:
        """Keeps a content in memory that could not be stored, if it is still that of its file."""
        number = self.numbers.get(path)
        if number is not None and self.digests[number] == content.digest:
            self.unsaved.setdefault(number, content)

    def defining(self, name: str) -> array[int]:
        """The entries that define a name, dead ones among them."""
        return _joined(self._kept.defining(name), self._defined.get(name, _NONE))

    def using(self, name: str) -> array[int]:
        """The entries that use a name, dead ones among them."""
        return _joined(self._kept.using(name), self._used.get(name, _NONE))

    @property
    def names(self) -> Collection[str]:
        """All names, those that only dead entries have among them."""
        return self._kept.names | self._defined.keys() | self._used.keys()

    @property
    def is_worn(self) -> bool:
        """Whether most of it is dead; what sleeps is no more than there was."""
        return len(self.paths) - len(self._asleep) > 2 * len(self.numbers) + _SPARE

    def compacted(self) -> Catalog:
        """The same without what is dead."""
        fresh = Catalog()
        kept = sorted(self.numbers.values())
        places = {number: place for place, number in enumerate(kept)}
        fresh.paths = [self.paths[number] for number in kept]
        fresh.digests = [self.digests[number] for number in kept]
        fresh.live = bytearray(b"\1" * len(kept))
        fresh.numbers = {path: place for place, path in enumerate(fresh.paths)}
        fresh.unsaved = {places[number]: each for number, each in self.unsaved.items()}
        names = self.names
        fresh._defined = _renumbered(names, self.defining, places)
        fresh._used = _renumbered(names, self.using, places)
        return fresh


def _note(lists: dict[str, array[int]], names: Iterable[str], number: int) -> None:
    for name in names:
        known = lists.get(name)
        if known is None:
            # The same name is in both tables, and in many files.
            lists[sys.intern(name)] = array("I", (number,))
        else:
            known.append(number)


def _joined(kept: array[int], since: array[int]) -> array[int]:
    """The entries of a name: those kept come before all others."""
    return kept + since if kept and since else kept or since


def _renumbered(
    names: Iterable[str], entries: Callable[[str], array[int]], places: Mapping[int, int]
) -> dict[str, array[int]]:
    fresh = {}
    for name in names:
        kept = array("I", (places[each] for each in entries(name) if each in places))
        if kept:
            fresh[name] = kept
    return fresh

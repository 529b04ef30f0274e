"""A folder at one moment: the names in memory, what belongs to them read from the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from fimls.repository.content import NO_CONTENT, chunks_of, known_of
from fimls.repository.likeness import best, candidates

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

    from fimls.repository.catalog import Catalog
    from fimls.repository.content import Known
    from fimls.repository.facts import Chunk, Definition, FileFacts
    from fimls.repository.store import Store

K = TypeVar("K")
V = TypeVar("V")

MOST_DEFINING: Final = 64
"""A name is looked up in so many of the files that define it at the most, the first by path.

One that is defined in more says nothing (`__init__`, `main`), and would take a second to look up.
"""

# What was asked for lately: a map looks at some 150 files, the next one mostly at the same ones.
# With a quarter of that a map takes twice as long; they take 5 MB.
_MOST_KEPT: Final = 1024


class Shelf:
    """What is known of the files that were asked for last, whichever view has asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: OrderedDict[tuple[bytes, str], Known] = OrderedDict()

    def get(self, path: str, digest: bytes, packed: bytes | None = None) -> Known | None:
        """What is known of a content at a path; None where its facts are not there.

        They may be given packed.  Raises one of `NO_CONTENT` for what are none.
        """
        kept = self._kept.pop((digest, path), None)
        if kept is None:
            packed = packed or self.store.facts(digest)
            if packed is None:
                return None
            kept = known_of(packed, path)
        _keep(self._kept, (digest, path), kept)
        return kept


def _keep(shelf: OrderedDict[K, V], key: K, value: V) -> None:
    """Puts something at the end, and lets go of what was asked for longest ago.

    Maps are made in a thread: each step by itself is such that another may come between.
    """
    shelf[key] = value
    if len(shelf) > _MOST_KEPT:
        with suppress(KeyError):
            shelf.popitem(last=False)


class Files(Collection[str]):
    """The files of a view; how many there are, and which, is known without sorting them."""

    def __init__(self, paths: Collection[str]) -> None:
        self._known = paths

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, path: object) -> bool:
        return path in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    @cached_property
    def _paths(self) -> list[str]:
        return sorted(self._known)


class Users(Collection[str]):
    """The files that use a name; how many there are is known without looking any up."""

    def __init__(self, count: int, find: Callable[[], list[str]]) -> None:
        self._count = count
        self._find = find

    def __len__(self) -> int:
        return self._count

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    @cached_property
    def _paths(self) -> list[str]:
        return sorted(self._find())


class View:
    """A `RepoView`: what the index knew when it was made."""

    def __init__(self, folder: str, version: int, catalog: Catalog, shelf: Shelf) -> None:
        self._folder = folder
        self._version = version
        self._catalog = catalog
        self._shelf = shelf
        self._live = bytes(catalog.live)
        self._numbers = dict(catalog.numbers)
        self._files = Files(self._numbers.keys())
        self._unsaved = dict(catalog.unsaved)
        self._is_fresh = 0 not in self._live
        self._defining_counts: dict[str, int] = {}
        self._using_counts: dict[str, int] = {}

    @property
    def folder(self) -> str:
        """The folder's path on this machine."""
        return self._folder

    @property
    def version(self) -> int:
        """Another number: something has changed."""
        return self._version

    def files(self) -> Collection[str]:
        """The relative paths of the files that are indexed, sorted."""
        return self._files

    def facts(self, path: str) -> FileFacts | None:
        """What is known of a file; None where it is not indexed."""
        known = self._known(path)
        return None if known is None else self._read(lambda: known.facts, None)

    def defining(self, name: str) -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and line, of at most `MOST_DEFINING` files."""
        paths = sorted(self._alive(self._catalog.defining(name)))[:MOST_DEFINING]
        return tuple(each for path in paths for each in self._defined_in(path, name))

    def defining_count(self, name: str) -> int:
        """How many files define a name; quick however many there are."""
        return self._count(name, self._catalog.defining(name), self._defining_counts)

    def referring(self, name: str) -> Collection[str]:
        """The paths of the files that use a name, sorted."""
        numbers = self._catalog.using(name)
        count = self._count(name, numbers, self._using_counts)
        return Users(count, lambda: self._alive(numbers))

    def chunks(self, path: str) -> tuple[Chunk, ...]:
        """The pieces that a file was cut into; none where it is not indexed."""
        number = self._numbers.get(path)
        if number is None:
            return ()
        content = self._unsaved.get(number)
        packed = content.text if content else self._shelf.store.text(self._catalog.digests[number])
        return () if packed is None else self._read(lambda: chunks_of(packed, path), ())

    def similar(self, identifiers: Mapping[str, float], limit: int) -> tuple[Chunk, ...]:
        """The pieces that share most with weighted identifiers, the best first, at most `limit`.

        The files that share the rarest of them are looked at piece by piece.
        """
        using = {name: self.referring(name) for name in identifiers}
        counts = {name: len(paths) for name, paths in using.items()}
        near = candidates(identifiers, using, len(self._numbers))
        pieces = [piece for path in near for piece in self.chunks(path)]
        return best(identifiers, counts, len(self._numbers), pieces, limit)

    def _defined_in(self, path: str, name: str) -> tuple[Definition, ...]:
        known = self._known(path)
        return () if known is None else self._read(lambda: known.defining(name), ())

    def _known(self, path: str) -> Known | None:
        number = self._numbers.get(path)
        if number is None:
            return None
        content = self._unsaved.get(number)
        packed = None if content is None else content.facts
        digest = self._catalog.digests[number]
        return self._read(lambda: self._shelf.get(path, digest, packed), None)

    def _read(self, read: Callable[[], V], nothing: V) -> V:
        """What is read of a content, and nothing where the store has something else there."""
        try:
            return read()
        except NO_CONTENT:
            self._shelf.store.is_damaged = True
            return nothing

    def _alive(self, numbers: array[int]) -> list[str]:
        """The paths of those entries that are alive here; those made later are not."""
        live, most, paths = self._live, len(self._live), self._catalog.paths
        return [paths[each] for each in numbers if each < most and live[each]]

    def _count(self, name: str, numbers: array[int], known: dict[str, int]) -> int:
        """How many of the entries of a name are alive here; those that are `known` are kept."""
        if self._is_fresh and (not numbers or numbers[-1] < len(self._live)):
            return len(numbers)
        if name not in known:
            known[name] = len(self._alive(numbers))
        return known[name]

"""The inverted index as a store keeps it: the entries, and for each name those it leads to.

All of it is read at once and taken as it is, where to put two million names one by one into
dictionaries takes more than a second.  What it says of a file holds only where that file still has
the digest that it had: so it may lack something, and is never wrong.
"""

from __future__ import annotations

import sys
from array import array
from hashlib import blake2b
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.repository.content import DIGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fimls.repository.catalog import Catalog
    from fimls.repository.store import Row

# Names that are split off at once: in a thread, and this is how long the event loop waits (1 ms).
_PAGE: Final = 2_000

# So many files are read from the store name by name in some 20 ms: no reason to write all anew.
_MOST_LACKING: Final = 200

_NONE: Final = array("I")


class Packed(NamedTuple):
    """A row of the store: numbers have four bytes, the lowest first.

    `paths` have a zero between them, `names` a blank, and a line end between pages.  `counts` are
    for each name how many entries define it, and how many use it; `numbers` are the entries.
    """

    paths: bytes
    digests: bytes
    names: bytes
    counts: bytes
    numbers: bytes
    checksum: bytes


class Postings:
    """For each name the numbers of the entries that define and use it; never changed.

    The entries are `paths` with their `digests`.  `places` say where a name is: the list of those
    that define it is number `2 * place`, the next one of those that use it.  List `n` is
    `numbers[ends[n] : ends[n + 1]]`.
    """

    def __init__(
        self,
        paths: Sequence[str] = (),
        digests: Sequence[bytes] = (),
        places: Mapping[str, int] = MappingProxyType({}),
        ends: array[int] = _NONE,
        numbers: array[int] = _NONE,
    ) -> None:
        self.paths = paths
        self.digests = digests
        self._places = places
        self._ends = ends
        self._numbers = numbers

    @property
    def names(self) -> Collection[str]:
        """All names."""
        return self._places.keys()

    def defining(self, name: str) -> array[int]:
        """The entries that define a name, in their order."""
        return self._list(name, 0)

    def using(self, name: str) -> array[int]:
        """The entries that use a name, in their order."""
        return self._list(name, 1)

    def is_outdated(self, rows: Iterable[Row]) -> bool:
        """Whether a store with these files should have others.

        What is gone is not to stay, be it little; what is new may wait until there is more of it.
        """
        there = {(row.path, row.digest) for row in rows if row.digest is not None}
        kept = set(zip(self.paths, self.digests, strict=True))
        return not kept <= there or len(there) - len(kept) > _MOST_LACKING

    def _list(self, name: str, kind: int) -> array[int]:
        place = self._places.get(name)
        if place is None:
            return _NONE
        at = 2 * place + kind
        return self._numbers[self._ends[at] : self._ends[at + 1]]


def pack(catalog: Catalog) -> Packed:
    """A catalog in which nothing has died, as it is stored."""
    names = sorted(catalog.names)
    lists = [each for name in names for each in (catalog.defining(name), catalog.using(name))]
    pages = [" ".join(names[at : at + _PAGE]) for at in range(0, len(names), _PAGE)]
    parts = (
        "\0".join(catalog.paths).encode(),
        b"".join(catalog.digests),
        "\n".join(pages).encode(),
        _bytes(array("I", map(len, lists))),
        _bytes(array("I", b"".join(lists))),
    )
    return Packed(*parts, _checksum(parts))


def unpack(row: Sequence[object]) -> Postings:
    """What is stored; nothing where that is no catalog, or a damaged one.

    The checksum tells of damage.  Somebody who writes a right one could write other names as well:
    the numbers are not looked at, since what is made of them looks at each.
    """
    *parts, checksum = [each for each in row if isinstance(each, bytes)] or [b""]
    if len(parts) != len(Packed._fields) - 1 or checksum != _checksum(parts):
        return Postings()
    try:
        return _unpacked(*parts)
    except (ValueError, OverflowError):
        return Postings()


def _unpacked(
    paths: bytes, digests: bytes, names: bytes, counts: bytes, numbers: bytes
) -> Postings:
    places: dict[str, int] = {}
    for page in names.decode().split("\n"):
        part = page.split()
        places.update(zip(part, range(len(places), len(places) + len(part)), strict=True))
    ends = array("I", accumulate(_array(counts), initial=0))
    entries = _array(numbers)
    whose = paths.decode().split("\0") if paths else []
    known = [digests[at : at + DIGEST_BYTES] for at in range(0, len(digests), DIGEST_BYTES)]
    is_whole = len(ends) == 2 * len(places) + 1 and ends[-1] == len(entries)
    if not is_whole or len(whose) != len(known):
        raise ValueError("a part is too long or too short")
    return Postings(whose, known, places, ends, entries)


def _checksum(parts: Iterable[bytes]) -> bytes:
    whole = blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.digest()


def _array(packed: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(packed)
    return _in_order(numbers)


def _bytes(numbers: array[int]) -> bytes:
    return _in_order(numbers).tobytes()


def _in_order(numbers: array[int]) -> array[int]:
    """From this machine's order of bytes to the stored one, or back; changes what it is given."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers

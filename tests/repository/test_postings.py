"""Names in order: stored and read they are the same; what is no such thing is nothing."""

from __future__ import annotations

import sys
from array import array

import pytest

from fimls.repository import postings
from fimls.repository.catalog import Catalog
from fimls.repository.postings import Packed, Postings, pack, unpack
from fimls.repository.store import Row
from fimls.repository.worker import Stamp

ONE, TWO = b"1" * 16, b"2" * 16

# By path: what it has as digest, defines and uses.
FILES = {
    "a.py": (ONE, "first both", "second both"),
    "neue\nzeile.py": (TWO, "second größe", "first"),
    "c.py": (ONE, "", ""),
}


def catalog() -> Catalog:
    made = Catalog()
    for path, (digest, defined, used) in FILES.items():
        made.put(path, digest, defined, used)
    return made


def lists(of: Catalog | Postings) -> dict[str, tuple[list[int], list[int]]]:
    return {name: ([*of.defining(name)], [*of.using(name)]) for name in [*of.names, "unheard"]}


def test_what_is_stored_is_read() -> None:
    read = unpack(pack(catalog()))
    assert dict(zip(read.paths, read.digests, strict=True)) == {
        path: digest for path, (digest, *_) in FILES.items()
    }
    assert lists(read) == lists(catalog())
    assert lists(read)["both"] == ([0], [0])


def test_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    # They are split off page by page.
    monkeypatch.setattr(postings, "_PAGE", 3)
    many = Catalog()
    for number in range(5):
        many.put(f"m{number}.py", ONE, f"of_{number} all_{number // 2}", f"all_{number} main")
    assert lists(unpack(pack(many))) == lists(many)


def test_nothing_is_something_too() -> None:
    assert (unpack(pack(Catalog())).paths, [*unpack(pack(Catalog())).names]) == ([], [])


def test_the_order_of_bytes_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    here = pack(catalog())
    # A machine of the other kind has its numbers the other way round in memory.
    monkeypatch.setattr(sys, "byteorder", "big" if sys.byteorder == "little" else "little")
    there = pack(catalog())
    swapped = array("I", there.numbers)
    swapped.byteswap()
    assert swapped.tobytes() == here.numbers
    assert lists(unpack(there)) == lists(catalog())


def sealed(packed: Packed) -> Packed:
    """With the checksum that belongs to it, as somebody may write it on purpose."""
    return packed._replace(checksum=postings._checksum(packed[:-1]))


@pytest.mark.parametrize(
    "change",
    [
        # Lengths that do not go together.
        {"numbers": b""},
        {"numbers": b"\0" * 4},
        {"numbers": b"\0" * 7},
        {"counts": b""},
        {"counts": b"\1\0\0\0" * 9},
        {"counts": b"\xff" * 40},
        {"counts": b"\1"},
        {"digests": ONE},
        {"paths": b"a.py"},
        # Names that are twice there, too few, or no text.
        {"names": b"first first first first first"},
        {"names": b"first"},
        {"names": b"\xff\xfe"},
        {"paths": b"a.py\0\xff\0c.py"},
    ],
)
def test_what_is_no_catalog_is_nothing(change: dict[str, bytes]) -> None:
    packed = pack(catalog())
    for each in (packed._replace(**change), sealed(packed._replace(**change))):
        assert [*unpack(each).paths] == [*unpack(each).names] == []


@pytest.mark.parametrize(
    "row", [(), (None,) * 6, ("", "", "", "", "", ""), (b"",) * 5, (b"",) * 7, (b"",) * 6, (1,)]
)
def test_what_is_no_row_is_nothing(row: tuple[object, ...]) -> None:
    assert [*unpack(row).paths] == []


@pytest.mark.parametrize("field", Packed._fields)
def test_each_byte_counts(field: str) -> None:
    packed = pack(catalog())
    whole = getattr(packed, field)
    for at in range(len(whole)):
        flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert [*unpack(packed._replace(**{field: flipped})).paths] == []
    # Nor may a byte have gone to the field beside it.
    assert [*unpack(packed._replace(**{field: whole + b"\0"})).paths] == []


def row(path: str, digest: bytes | None) -> Row:
    return Row(path, Stamp(1, 1), digest)


STORED = [row(path, digest) for path, (digest, *_) in FILES.items()]


@pytest.mark.parametrize(
    ("rows", "is_outdated"),
    [
        (STORED, False),
        # What is not fit to be indexed has no names.
        ([*STORED, row("unfit.py", None)], False),
        # One more is quickly read by itself, many are not.
        ([*STORED, row("new.py", ONE)], False),
        ([*STORED, *(row(f"new_{at}.py", ONE) for at in range(201))], True),
        # What is gone, has changed or has become unfit is not to stay.
        (STORED[:-1], True),
        ([*STORED[:-1], row("c.py", TWO)], True),
        ([*STORED[:-1], row("c.py", None)], True),
        ([], True),
    ],
)
def test_when_it_is_out_of_date(rows: list[Row], is_outdated: bool) -> None:
    assert unpack(pack(catalog())).is_outdated(rows) == is_outdated
    assert not Postings().is_outdated([])


def test_what_is_kept_sleeps_until_it_is_found_as_it_was() -> None:
    woken = Catalog(unpack(pack(catalog())))
    assert woken.numbers == {}
    assert not woken.wake("a.py", TWO)
    assert not woken.wake("unheard.py", ONE)
    assert woken.wake("a.py", ONE)
    # Only once: after that it is an entry like others.
    assert not woken.wake("a.py", ONE)
    assert (woken.numbers, bytes(woken.live)) == ({"a.py": 0}, b"\1\0\0")
    # What is put as it was is woken as well, what is put otherwise is another entry.
    woken.put("c.py", ONE, "", "")
    woken.put("neue\nzeile.py", ONE, "first", "second")
    assert woken.numbers == {"a.py": 0, "c.py": 2, "neue\nzeile.py": 3}
    assert [*woken.defining("first")] == [0, 3]
    assert [*woken.using("second")] == [0, 3]
    assert [*woken.defining("second")] == [1]
    assert woken.live[1] == 0


def test_clearing_away_what_is_dead() -> None:
    woken = Catalog(unpack(pack(catalog())))
    woken.wake("c.py", ONE)
    woken.put("d.py", TWO, "first third", "both")
    fresh = woken.compacted()
    assert (fresh.paths, fresh.numbers) == (["c.py", "d.py"], {"c.py": 0, "d.py": 1})
    assert lists(fresh) == {
        "first": ([1], []),
        "third": ([1], []),
        "both": ([], [1]),
        "unheard": ([], []),
    }
    # What sleeps is no reason to.
    assert not Catalog(Postings([str(at) for at in range(9_000)], [ONE] * 9_000)).is_worn

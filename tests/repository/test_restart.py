"""After a restart everything is as if it had been read anew, whatever happened in between."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from fimls.repository import postings
from fimls.repository.folder import FolderIndex
from fimls.repository.postings import Packed
from fimls.repository.store import Store, store_file
from fimls.settings import ContextSettings
from fimls.text.languages import LANGUAGES
from tests.repository.in_process import HereWorkers, begun, started, told_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PYTHON = LANGUAGES["python"]

_STARTS = 5
_DEEDS = 6
_PATHS = ("a.py", "b.py", "x/c.py", "x/d.py", "x/y/e.py", "neue\nzeile.py", "größe.py", "z/f.ts")
_WORDS = ("load", "save", "make", "größe", "名前", "_", "x1", "__init__", "first", "second")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are put in order also of few files, and much is dead soon."""
    monkeypatch.setattr(postings, "_MOST_LACKING", 0)
    monkeypatch.setattr("fimls.repository.catalog._SPARE", 3)


class History:
    """A folder to which something happens by chance, and up to two editors that look at it."""

    def __init__(self, room: Path, seed: int) -> None:
        self.root = room / "project"
        self.cache = room / "cache"
        self.room = room
        self.random = Random(seed)
        self.time_ns = 10**18
        self.said: set[str] = set()
        self.root.mkdir()
        for path in _PATHS:
            self.write(path)

    def write(self, path: str) -> None:
        defined, used = (self.random.sample(_WORDS, self.random.randrange(4)) for _ in range(2))
        self.said.update(defined, used)
        calls = "".join(f"    {name}()\n" for name in used)
        text = "".join(f"def {name}():\n    pass\n{calls}" for name in defined) or "#"
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        # The system's clock may stand still between two texts of the same size.
        self.time_ns += 1
        os.utime(file, ns=(self.time_ns, self.time_ns))

    def remove(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def touch(self, path: str) -> None:
        self.time_ns += 1
        if (self.root / path).exists():
            os.utime(self.root / path, ns=(self.time_ns, self.time_ns))

    def ignore(self, path: str) -> None:
        ignored = self.random.sample(["a.py", "x/", "*.ts", path], 2)
        name = self.random.choice([".gitignore", ".fimlsignore"])
        (self.root / name).write_text("\n".join(ignored) if self.random.random() < 0.6 else "")

    def happen(self) -> None:
        deed = self.random.choice([self.write, self.write, self.remove, self.touch, self.ignore])
        deed(self.random.choice(_PATHS))

    async def work_on(self, index: FolderIndex) -> None:
        """An editor is told of some of what happens, and somebody types in it."""
        path = self.random.choice(_PATHS)
        chance = self.random.random()
        if chance < 0.25:
            await index.typed(path, PYTHON, "def typed(): unsaved()\n")
        elif chance < 0.5:
            await index.closed(path)
        elif chance < 0.8:
            await index.told({"", ".gitignore", path} if chance < 0.65 else {path})

    def damage(self) -> None:
        """Now and then a part of what is kept is changed, and all of it goes on."""
        field = self.random.choice(Packed._fields)
        with closing(sqlite3.connect(store_file(self.cache, str(self.root)))) as database:
            (part,) = database.execute(f"SELECT {field} FROM postings").fetchone() or (b"",)
            at = self.random.randrange(len(part) + 1)
            wrong: object = self.random.choice(
                [part[:at], part[:at] + b"\xff" + part[at + 1 :], "text", 7, b""]
            )
            with database:
                database.execute(f"UPDATE postings SET {field} = ?", (wrong,))

    async def check(self, index: FolderIndex) -> None:
        """What an index says is what one says that has the names file by file, or nothing yet."""
        assert index.view is not None
        more = frozenset(self.said | {"typed", "unsaved"})
        restored = told_by(index.view, more)
        without = self.room / "without"
        file, copy = (store_file(cache, str(self.root)) for cache in (self.cache, without))
        copy.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(copy)) as other:
            one.backup(other)
            with other:
                other.execute("DELETE FROM postings")
        for cache in (without, self.room / f"anew{self.time_ns}"):
            fresh = await begun(self.root, cache, HereWorkers())
            assert fresh.view is not None
            assert told_by(fresh.view, more) == restored
            await fresh.close()


@pytest.mark.parametrize("seed", range(8))
async def test_any_history(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path, seed)
    woken = 0
    for _ in range(_STARTS):
        async with started(history.root, history.cache) as index:
            woken += any(index._catalog.live[: len(index._catalog._kept.paths)])
            await history.check(index)
            async with started(history.root, history.cache) as other:
                for _ in range(_DEEDS):
                    history.happen()
                    await history.work_on(history.random.choice([index, other]))
            for path in _PATHS:
                await index.closed(path)
            await index.told({""})
            await history.check(index)
        for _ in range(history.random.randrange(4)):
            history.happen()
        if history.random.random() < 0.2:
            history.damage()
    # Otherwise it would show nothing.
    assert woken


async def test_a_document_that_is_open_at_the_start(tmp_path: Path) -> None:
    history = History(tmp_path, 1)
    async with started(history.root, history.cache):
        pass
    index = FolderIndex(
        str(history.root), ContextSettings(), history.cache, workers := HereWorkers()
    )
    beginning = asyncio.ensure_future(index.begin(lambda _done, _total: None))
    await index.typed("a.py", PYTHON, "def typed(): unsaved()\n")
    assert not beginning.done()
    await beginning
    assert index.view is not None
    assert [each.path for each in index.view.defining("typed")] == ["a.py"]
    assert [each.name for each in index.view.facts("a.py").definitions] == ["typed"]  # type: ignore[union-attr]
    await index.tidy()
    # It stands in the file's place, and what is kept of the file is right.
    assert workers.asked == ["a.py"]
    await index.closed("a.py")
    await history.check(index)
    await index.close()


async def test_a_file_as_it_was_before_another_editor_saw_it_otherwise(tmp_path: Path) -> None:
    history = History(tmp_path, 1)
    before = (history.root / "a.py").read_bytes()
    async with started(history.root, history.cache) as index:
        (history.root / "a.py").write_text("def for_a_moment(): pass\n")
        # This one drops what the file had, which is the only one who has seen the change.
        async with started(history.root, history.cache):
            pass
        (history.root / "a.py").write_bytes(before)
        await index.told({"a.py"})
        await history.check(index)
    async with started(history.root, history.cache) as index:
        await history.check(index)


async def test_a_content_that_is_lost_is_read_again(tmp_path: Path) -> None:
    history = History(tmp_path, 1)
    async with started(history.root, history.cache):
        pass
    file = store_file(history.cache, str(history.root))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM contents")
    async with started(history.root, history.cache) as index:
        await history.check(index)


def with_a_right_checksum(row: Packed, **change: bytes) -> Packed:
    changed = row._replace(**change)
    return changed._replace(checksum=postings._checksum(changed[:-1]))


def cut_off(row: Packed) -> Packed:
    return row._replace(numbers=row.numbers[:-4])


def out_of_range(row: Packed) -> Packed:
    return row._replace(numbers=b"\xff" * len(row.numbers))


def with_other_names(row: Packed) -> Packed:
    return row._replace(names=row.names.replace(b"first", b"fired"))


def with_an_entry_less(row: Packed) -> Packed:
    return with_a_right_checksum(row, digests=row.digests[:-16])


def with_a_name_less(row: Packed) -> Packed:
    return with_a_right_checksum(row, names=row.names.replace(b"first", b""))


def of_other_kinds(row: Packed) -> Packed:
    return row._replace(names=row.names.decode(), counts=7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "damage",
    [
        # A checksum tells of what a disk may do to it.
        cut_off,
        out_of_range,
        with_other_names,
        # What somebody has done to it.
        with_an_entry_less,
        with_a_name_less,
        of_other_kinds,
    ],
)
async def test_what_is_damaged_is_left_out(
    tmp_path: Path, damage: Callable[[Packed], Packed], caplog: pytest.LogCaptureFixture
) -> None:
    history = History(tmp_path, 1)
    async with started(history.root, history.cache):
        pass
    write_over(history, damage)
    with caplog.at_level(logging.WARNING):
        index = await begun(history.root, history.cache, HereWorkers())
        assert index._catalog._kept.paths == ()
        await history.check(index)
        await index.tidy()
        await index.close()
    assert caplog.records == []
    # And the next one finds it whole.
    async with started(history.root, history.cache) as index:
        assert len(index._catalog._kept.paths) == len(index._catalog.numbers) > 0
        await history.check(index)


def write_over(history: History, damage: Callable[[Packed], Packed]) -> None:
    with closing(sqlite3.connect(store_file(history.cache, str(history.root)))) as database:
        fields = ", ".join(Packed._fields)
        row = Packed(*database.execute(f"SELECT {fields} FROM postings").fetchone())
        with database:
            marks = ", ".join("?" * len(row))
            database.execute(f"REPLACE INTO postings VALUES (1, {marks})", damage(row))


async def test_numbers_that_somebody_has_made_up(tmp_path: Path) -> None:
    """They may be wrong, as the names may be that somebody writes; but they can do nothing."""
    history = History(tmp_path, 1)
    async with started(history.root, history.cache):
        pass
    write_over(history, lambda row: with_a_right_checksum(row, numbers=b"\xff" * len(row.numbers)))
    async with started(history.root, history.cache) as index:
        assert index.view is not None
        said = told_by(index.view, frozenset(history.said))
        assert set(said["defining"].values()) == {()}  # type: ignore[attr-defined]
        assert set(said["defining_count"].values()) == {0}  # type: ignore[attr-defined]


async def test_a_table_of_another_shape(tmp_path: Path) -> None:
    history = History(tmp_path, 1)
    async with started(history.root, history.cache):
        pass
    with closing(sqlite3.connect(store_file(history.cache, str(history.root)))) as database:
        database.executescript("DROP TABLE postings; CREATE TABLE postings (id INTEGER)")
    async with started(history.root, history.cache) as index:
        assert index.view is not None
        whole = told_by(index.view)
        # The next change mends it.
        await index.told({""})
        assert told_by(index.view) == whole
    store = Store(store_file(history.cache, str(history.root)))
    assert store.postings().paths == ()
    assert not store.is_damaged
    store.close()

"""The store on disk: kept for its user alone, and not for ever."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from fimls.repository import store
from fimls.repository.content import Content
from fimls.repository.store import Row, Store, files_in, store_file
from fimls.repository.worker import Stamp

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CONTENT = Content(b"digest", "defined", "used", b"facts", b"text")
ROW = Row("a.py", Stamp(1, 2), b"digest", CONTENT)


def test_what_is_put_is_there_after_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "index" / "a.sqlite3")
    assert store.put([ROW, Row("unfit.py", Stamp(3, 4), None)])
    store.close()
    store = Store(tmp_path / "index" / "a.sqlite3")
    assert sorted(row[:3] for row in store.files()) == [
        ("a.py", Stamp(1, 2), b"digest"),
        ("unfit.py", Stamp(3, 4), None),
    ]
    assert store.names_of([b"digest", b"unheard"]) == {b"digest": ("defined", "used")}
    assert (store.facts(b"digest"), store.text(b"digest")) == (b"facts", b"text")
    assert [row.path for row in store.known(["a.py", "b.py"])] == ["a.py"]
    store.forget(["a.py"])
    store.prune()
    assert store.facts(b"digest") is None
    store.close()


def test_how_many_files_there_are(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    assert files_in(file) is None
    store = Store(file)
    store.put([ROW, Row("unfit.py", Stamp(3, 4), None)])
    store.close()
    assert files_in(file) == 1
    file.write_bytes(b"no database" * 1_000)
    assert files_in(file) is None


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "index" / "a.sqlite3"
    store = Store(file)
    store.put([ROW])
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in file.parent.iterdir() if each.stat().st_mode & 0o077] == []
    store.close()


def test_the_folders_used_last_are_kept(tmp_path: Path) -> None:
    files = [tmp_path / f"{number:02}.sqlite3" for number in range(25)]
    for number, file in enumerate(files):
        Store(file).close()
        os.utime(file, ns=(number, number))
    Store(files[0]).close()
    assert sorted(tmp_path.glob("*.sqlite3")) == [files[0], *files[6:]]


def test_folders_of_the_same_name_have_stores_of_their_own(tmp_path: Path) -> None:
    one, two = (store_file(tmp_path, f"/{place}/project") for place in ("one", "two"))
    assert one != two
    assert one.name.startswith("project-")
    assert store_file(tmp_path, "/one/project/") == one


def test_after_the_end_there_is_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite3")
    store.put([ROW])
    store.close()
    assert store.files() == []
    assert store.facts(b"digest") is None
    assert not store.put([ROW])


def test_a_store_that_another_editor_is_at_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.sqlite3"
    one = Store(file)
    one.put([ROW])
    monkeypatch.setattr(store, "_WAIT_S", 0.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        one.close()
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        beside = Store(file)
        assert not beside.is_kept
        assert beside.put([ROW])
        beside.close()
    assert files_in(file) == 1


def test_two_writers(tmp_path: Path) -> None:
    one, two = Store(tmp_path / "a.sqlite3"), Store(tmp_path / "a.sqlite3")
    assert one.put([ROW])
    assert two.put([ROW])
    assert two.put([Row("b.py", Stamp(1, 2), b"digest", CONTENT)])
    assert sorted(row.path for row in one.files()) == ["a.py", "b.py"]
    one.close()
    two.close()

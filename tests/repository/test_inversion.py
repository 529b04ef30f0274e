"""What is put in order for the next start: what the store has, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from fimls.clock import SystemClock
from fimls.repository import postings
from fimls.repository.content import Content
from fimls.repository.inversion import invert
from fimls.repository.store import Row, Store, store_file
from fimls.repository.worker import Stamp
from fimls.repository.workers import Workers
from fimls.text.languages import LANGUAGES
from tests.repository.folders import indexed
from tests.repository.in_process import HereWorkers, begun, started
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PYTHON = LANGUAGES["python"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single new file is reason enough."""
    monkeypatch.setattr(postings, "_MOST_LACKING", 0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two files."""
    files = {"a.py": "def first():\n    return second()\n", "x/b.py": "def second(): pass\n"}
    return made(tmp_path / "project", files)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where indexes are kept."""
    return tmp_path / "cache"


def kept_in(cache: Path, root: Path) -> dict[str, tuple[list[str], list[str]]]:
    """For each name that is kept the files that define it, and those that use it."""
    store = Store(store_file(cache, str(root)))
    kept = store.postings()
    store.close()
    return {
        name: (
            [kept.paths[each] for each in kept.defining(name)],
            [kept.paths[each] for each in kept.using(name)],
        )
        for name in kept.names
    }


WHOLE = {"first": (["a.py"], []), "second": (["x/b.py"], ["a.py"])}


async def test_by_a_worker(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as index:
        await index.tidy()
        # A second time there is nothing to do.
        await index.tidy()
    assert kept_in(cache, root) == WHOLE


async def test_the_next_start_reads_no_names(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(root, cache):
        pass
    monkeypatch.setattr(Store, "names_of", lambda _store, digests: {} if not digests else None)
    workers = HereWorkers()
    index = await begun(root, cache, workers)
    assert index.view is not None
    assert [each.path for each in index.view.defining("second")] == ["x/b.py"]
    await index.tidy()
    # Neither is a file read, nor is anything written that was right.
    assert workers.asked == []
    await index.close()


async def test_a_few_new_files_are_no_reason(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_MOST_LACKING", 2)
    async with started(root, cache):
        pass
    assert kept_in(cache, root) == {}


async def test_what_is_typed_is_not_written(root: Path, cache: Path) -> None:
    package = root / ".venv/lib/python3.11/site-packages/package"
    package.mkdir(parents=True)
    (root / ".venv/pyvenv.cfg").write_text("")
    (package / "__init__.py").write_text("def of_a_package(): pass\n")
    index = await begun(root, cache, HereWorkers())
    await index.typed("a.py", PYTHON, "import package\n\ndef unsaved(): pass\n")
    await index.typed("new.py", PYTHON, "def never_saved(): pass\n")
    assert index.view is not None
    assert len(index.view.defining("of_a_package")) == len(index.view.defining("unsaved")) == 1
    await index.tidy()
    await index.close()
    assert kept_in(cache, root) == WHOLE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", None),
        ("a.py", "def other(): pass\n"),
        # What is not to be known any more.
        (".gitignore", "a.py\n"),
        (".fimlsignore", "a.py\n"),
    ],
)
async def test_what_is_gone_does_not_stay(
    root: Path, cache: Path, name: str, text: str | None
) -> None:
    async with started(root, cache):
        pass
    store = Store(store_file(cache, str(root)))
    (digest,) = [row.digest for row in store.files() if row.path == "a.py"]
    assert digest is not None
    assert store.has(digest)
    (root / name).unlink(missing_ok=True)
    if text is not None:
        (root / name).write_text(text)
    async with started(root, cache) as index:
        assert index.view is not None
        assert index.view.defining("first") == ()
    assert "first" not in kept_in(cache, root)
    assert not store.has(digest)
    assert store.names_of([digest]) == {}
    store.close()


def put(store: Store, path: str, digest: bytes, defined: str) -> None:
    content = Content(digest, defined, "", b"facts", b"text")
    store.put([Row(path, Stamp(1, 1), digest, content)])


def test_who_writes_last(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    one, two = Store(file), Store(file)
    put(one, "a.py", b"a" * 16, "of_a")
    invert(file)
    put(two, "b.py", b"b" * 16, "of_b")
    assert [*one.postings().names] == ["of_a"]
    invert(file)
    assert [*one.postings().names] == [*two.postings().names] == ["of_a", "of_b"]
    one.forget(["a.py"])
    # What was there first is replaced, not kept beside it.
    invert(file)
    assert [*two.postings().names] == ["of_b"]
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM postings").fetchall() == [(1,)]
    one.close()
    two.close()


def test_what_is_no_name_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    store = Store(file)
    for name in ("a", "b", "c"):
        put(store, f"{name}.py", name.encode() * 16, f"of_{name}")
    # A digest that is none, too.
    put(store, "d.py", b"d", "of_d")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE names SET used = x'ff' WHERE defined = 'of_a'")
        database.execute("DELETE FROM names WHERE defined = 'of_b'")
    invert(file)
    assert (store.postings().paths, [*store.postings().names]) == (["c.py"], ["of_c"])
    store.close()


def test_where_there_is_nothing_to_put_in_order(tmp_path: Path) -> None:
    # Deleted meanwhile: it is not made again, and not by somebody else's rights.
    invert(tmp_path / "deleted.sqlite3")
    assert [*tmp_path.iterdir()] == []
    # Damaged, of another program, no file at all.
    (tmp_path / "a.sqlite3").write_bytes(b"no database" * 1_000)
    invert(tmp_path / "a.sqlite3")
    with closing(sqlite3.connect(tmp_path / "b.sqlite3")) as database, database:
        database.execute("CREATE TABLE files (path TEXT)")
    invert(tmp_path / "b.sqlite3")
    (tmp_path / "c.sqlite3").mkdir()
    invert(tmp_path / "c.sqlite3")


async def test_a_store_in_memory_is_not_put_in_order(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    workers = HereWorkers()
    index = await begun(root, tmp_path / "file", workers)
    await index.tidy()
    assert sorted(workers.asked) == ["a.py", "x/b.py"]
    await index.close()


async def test_after_the_end_nothing_is_put_in_order(root: Path, cache: Path) -> None:
    index = await begun(root, cache, HereWorkers())
    await index.close()
    await index.tidy()
    assert kept_in(cache, root) == {}


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    """Real workers, ended afterwards."""
    made_here = Workers(SystemClock())
    yield made_here
    await made_here.close()


async def test_any_name_of_a_folder(tmp_path: Path, workers: Workers) -> None:
    # With blanks, quotes and what addresses are made of.
    file = tmp_path / "a b" / "it's 100%25 #1?mode=memory" / "größe.sqlite3"
    store = Store(file)
    put(store, "a.py", b"a" * 16, "of_a")
    await workers.invert(file)
    assert [*store.postings().names] == ["of_a"]
    store.close()

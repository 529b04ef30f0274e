"""A folder's index follows the disk and what is typed, whatever happens to either."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from fimls.clock import SystemClock
from fimls.repository import workers as processes
from fimls.repository.folder import FolderIndex
from fimls.repository.store import store_file
from fimls.settings import ContextSettings
from fimls.text.languages import LANGUAGES
from tests.repository.folders import indexed, names, seen
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PYTHON = LANGUAGES["python"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with three files."""
    files = {
        "a.py": "def first():\n    return second()\n",
        "x/b.py": "def second():\n    pass\n",
        "c.ts": "export class Third {}\n",
    }
    return made(tmp_path / "project", files)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where indexes are kept."""
    return tmp_path / "cache"


async def test_what_is_known(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as index:
        view = seen(index)
        assert names(view) == {"a.py": ["first"], "c.ts": ["Third"], "x/b.py": ["second"]}
        (second,) = view.defining("second")
        assert (second.path, second.line, second.signature) == ("x/b.py", 0, "def second()")
        assert list(view.referring("second")) == ["a.py"]
        assert view.defining("unheard") == ()
        assert list(view.referring("unheard")) == []
        assert view.facts("nowhere.py") is None
        assert [piece.first_line for piece in view.chunks("a.py")] == [0]


def new_file(root: Path) -> None:
    (root / "x" / "new.py").write_text("def fresh(): pass\n")


def changed_file(root: Path) -> None:
    (root / "a.py").write_text("def other_first(): pass\n")


def removed_file(root: Path) -> None:
    (root / "a.py").unlink()


def new_folder_like_a_file(root: Path) -> None:
    made(root, {"chart.js/new.py": "def fresh(): pass\n"})


def a_folder_for_a_file(root: Path) -> None:
    (root / "a.py").unlink()
    made(root, {"a.py/new.py": "def fresh(): pass\n"})


def removed_folder(root: Path) -> None:
    (root / "x" / "b.py").unlink()
    (root / "x").rmdir()


def moved_folder(root: Path) -> None:
    (root / "x").rename(root / "y")


def ignored(root: Path) -> None:
    (root / ".gitignore").write_text("x/\n")


def made_binary(root: Path) -> None:
    (root / "a.py").write_bytes(b"\0" * 100)


def made_a_link(root: Path) -> None:
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(root.parent / "outside.py")


def made_a_pipe(root: Path) -> None:
    (root / "a.py").unlink()
    os.mkfifo(root / "a.py")


A, B, C = {"a.py": ["first"]}, {"x/b.py": ["second"]}, {"c.ts": ["Third"]}


@pytest.mark.parametrize(
    ("change", "told", "expected"),
    [
        (new_file, {"x/new.py"}, {**A, **C, **B, "x/new.py": ["fresh"]}),
        (changed_file, {"a.py"}, {"a.py": ["other_first"], **C, **B}),
        (removed_file, {"a.py"}, {**C, **B}),
        # A folder is one change, in which no file is named.
        (removed_folder, {"x"}, {**A, **C}),
        (moved_folder, {"x", "y"}, {**A, **C, "y/b.py": ["second"]}),
        (ignored, {".gitignore"}, {**A, **C}),
        # One that is called like a file.
        (new_folder_like_a_file, {"chart.js"}, {**A, **C, **B, "chart.js/new.py": ["fresh"]}),
        (a_folder_for_a_file, {"a.py"}, {"a.py/new.py": ["fresh"], **C, **B}),
        # What cannot be read any more is not there any more.
        (made_binary, {"a.py"}, {**C, **B}),
        (made_a_link, {"a.py"}, {**C, **B}),
        (made_a_pipe, {"a.py"}, {**C, **B}),
        # Nothing has changed, or nothing that matters.
        (
            lambda _root: None,
            {"a.py", "nowhere.py", "note.md", "../a.py", "/etc/a.py"},
            {**A, **C, **B},
        ),
    ],
)
@pytest.mark.parametrize("everything", [False, True])
async def test_changes_on_disk(
    root: Path,
    cache: Path,
    change: Callable[[Path], None],
    told: set[str],
    expected: dict[str, list[str]],
    everything: bool,
) -> None:
    (root.parent / "outside.py").write_text("def outside(): pass\n")
    async with indexed(root, cache) as index:
        before = seen(index)
        change(root)
        # Told what has changed, or only that something has.
        await index.told({""} if everything else told)
        assert names(seen(index)) == expected
        # Whoever works on the view from before has it as it was.
        assert list(before.files()) == ["a.py", "c.ts", "x/b.py"]
        assert [each.path for each in before.defining("first")] == ["a.py"]
    # The next server finds it as this one has left it.
    async with indexed(root, cache) as index:
        assert names(seen(index)) == expected


@pytest.mark.parametrize("told", [{"a.py"}, {".a.py.swp", "a.pyc", "gone.py"}])
async def test_nothing_new_is_no_new_view(root: Path, cache: Path, told: set[str]) -> None:
    async with indexed(root, cache) as index:
        before = seen(index)
        await index.told(told)
        assert seen(index) is before


async def test_what_is_typed_counts_until_it_is_closed(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as index:
        await index.typed("a.py", PYTHON, "def typed():\n    return unsaved()\n")
        assert names(seen(index))["a.py"] == ["typed"]
        assert list(seen(index).referring("unsaved")) == ["a.py"]
        assert seen(index).chunks("a.py")[0].text == "def typed():\n    return unsaved()"
        # The file changes below the document.
        (root / "a.py").write_text("def saved(): pass\n")
        await index.told({"a.py"})
        assert names(seen(index))["a.py"] == ["typed"]
        await index.closed("a.py")
        assert names(seen(index))["a.py"] == ["saved"]


async def test_a_document_without_a_file(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as index:
        await index.typed("new.py", PYTHON, "def typed(): pass\n")
        assert names(seen(index))["new.py"] == ["typed"]
        await index.closed("new.py")
        assert "new.py" not in seen(index).files()


@pytest.mark.parametrize("path", ["made_pb2.py", "script", "x/y/d.py"])
async def test_a_document_whose_file_is_not_indexed(root: Path, cache: Path, path: str) -> None:
    made(root, {path: "def saved(): pass\n"})
    async with indexed(root, cache, ContextSettings(max_files=3)) as index:
        whole = names(seen(index))
        await index.typed(path, PYTHON, "def typed(): pass\n")
        assert names(seen(index))[path] == ["typed"]
        await index.closed(path)
        assert names(seen(index)) == whole


async def test_a_document_that_becomes_too_large(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as index:
        await index.typed("a.py", PYTHON, "def typed(): pass\n")
        await index.typed("a.py", PYTHON, "def typed(): pass\n" * 50_000)
        assert names(seen(index)) == {**C, **B}
        await index.closed("a.py")
        assert names(seen(index)) == {**A, **C, **B}


async def test_what_is_typed_does_not_wait_for_the_first_run(root: Path, cache: Path) -> None:
    for number in range(400):
        (root / f"more_{number}.py").write_text(f"def more_{number}(): pass\n" * 20)
    workers = processes.Workers(SystemClock())
    index = FolderIndex(str(root), ContextSettings(), cache, workers)
    beginning = asyncio.ensure_future(index.begin(lambda _done, _total: None))
    await index.typed("a.py", PYTHON, "def typed(): pass\n")
    assert not beginning.done()
    assert names(seen(index))["a.py"] == ["typed"]
    # Nor does it count any less once the file has been read.
    await beginning
    assert names(seen(index))["a.py"] == ["typed"]
    await index.closed("a.py")
    assert names(seen(index))["a.py"] == ["first"]
    await index.close()
    await workers.close()


@pytest.mark.parametrize("path", ["gen/a.py", ".env", "../a.py", "x/.ssh/a.py"])
async def test_what_is_ignored_is_shown_to_no_other_file(
    root: Path, cache: Path, path: str
) -> None:
    (root / ".gitignore").write_text("gen/\n")
    async with indexed(root, cache) as index:
        await index.typed(path, PYTHON, "def typed(): pass\n")
        assert seen(index).defining("typed") == ()


async def test_at_most_so_many_files(root: Path, cache: Path) -> None:
    async with indexed(root, cache, ContextSettings(max_files=2)) as index:
        assert list(seen(index).files()) == ["a.py", "c.ts"]
        (root / "d.py").write_text("def fourth(): pass\n")
        await index.told({"d.py"})
        assert list(seen(index).files()) == ["a.py", "c.ts"]
        await index.configure(ContextSettings(max_files=10, exclude=("*.ts",)))
        assert list(seen(index).files()) == ["a.py", "d.py", "x/b.py"]


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    file.write_bytes(b"no database" * 1_000)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_another_shape(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE files (path TEXT)")
    database.close()


def with_nonsense(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE contents SET facts = x'00', text = 'text'")
        database.execute("UPDATE names SET used = x'ff'")
    database.close()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "damage", [truncated, overwritten, emptied, of_another_shape, with_nonsense, a_folder]
)
async def test_a_damaged_store_is_made_anew(
    root: Path, cache: Path, damage: Callable[[Path], None]
) -> None:
    for number in range(50):
        (root / f"more_{number}.py").write_text(f"def more_{number}(): pass\n" * 20)
    async with indexed(root, cache) as index:
        whole = names(seen(index))
    damage(store_file(cache, str(root)))
    async with indexed(root, cache) as index:
        # What is wrong shows when it is asked for at the latest; the next change mends it.
        names(seen(index))
        await index.told({"a.py"})
        assert names(seen(index)) == whole


async def test_a_store_that_is_damaged_while_it_is_open(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as index:
        whole = names(seen(index))
        with_nonsense(store_file(cache, str(root)))
        seen(index)._shelf._kept.clear()
        assert names(seen(index)) == {}
        await index.told({"a.py"})
        assert names(seen(index)) == whole


async def test_no_place_for_a_store(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with indexed(root, tmp_path / "file") as index:
        assert list(seen(index).files()) == ["a.py", "c.ts", "x/b.py"]
        assert len(seen(index).chunks("a.py")) == 1


async def test_two_editors_on_one_folder(root: Path, cache: Path) -> None:
    async with indexed(root, cache) as one, indexed(root, cache) as two:
        assert names(seen(one)) == names(seen(two))
        changed_file(root)
        await one.told({"a.py"})
        await two.told({"a.py"})
        assert names(seen(one)) == names(seen(two))
        # What only one of them has typed is nothing to the other.
        await one.typed("a.py", PYTHON, "def typed(): pass\n")
        assert seen(two).defining("typed") == ()


async def test_what_another_editor_has_read_is_not_read_again(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with indexed(root, cache):
        pass

    async def read(*_arguments: object) -> None:
        raise AssertionError("nothing is to be read")

    monkeypatch.setattr(processes.Workers, "read", read)
    async with indexed(root, cache) as index:
        assert list(seen(index).files()) == ["a.py", "c.ts", "x/b.py"]


async def test_names_that_are_in_the_way(tmp_path: Path, cache: Path) -> None:
    # Quotes, blanks, line ends, another script: as files are called, and in a query.
    files = ["it's.py", 'sa"id.py', "neue\nzeile.py", "名前.py", "a b.py", "%20.py", "-r.py"]
    root = made(
        tmp_path / "pro ject'", {name: f"def of_{at}(): pass\n" for at, name in enumerate(files)}
    )
    async with indexed(root, cache) as index:
        assert list(seen(index).files()) == sorted(files)
        assert seen(index).defining("of_2")[0].path == "neue\nzeile.py"

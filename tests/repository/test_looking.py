"""Changes that nobody tells of are found where they are likely at once, elsewhere in time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fimls.repository import looking
from fimls.repository.looking import Look
from fimls.repository.scan import stamp_of
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDERS = ["", "x", "x/y"]
FILES = ["a.py", "x/b.py", "x/y/c.py"]
OLD_NS = 10**18


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three files, of which the first was changed last."""
    made(tmp_path, {**dict.fromkeys(FILES, "x = 1\n"), "note.md": "", "ignored/": ""})
    for age, path in enumerate(FILES):
        os.utime(tmp_path / path, ns=(OLD_NS, OLD_NS - age))
    return tmp_path


def new_file(root: Path) -> None:
    (root / "x" / "new.py").write_text("")


def new_folder(root: Path) -> None:
    (root / "x" / "new").mkdir()


def new_note(root: Path) -> None:
    (root / "x" / "new.md").write_text("")


def new_rules(root: Path) -> None:
    (root / "x" / ".gitignore").write_text("")


def removed(root: Path) -> None:
    (root / "x" / "b.py").unlink()


def replaced(root: Path) -> None:
    (root / "x" / "b.new").write_text("x = 2\n")
    (root / "x" / "b.new").rename(root / "x" / "b.py")


def removed_folder(root: Path) -> None:
    (root / "x" / "y" / "c.py").unlink()
    (root / "x" / "y").rmdir()


def written_lately(root: Path) -> None:
    (root / "a.py").write_text("x = 10\n")


def written_long_ago(root: Path) -> None:
    (root / "x" / "b.py").write_text("x = 10\n")


@pytest.mark.parametrize(
    ("change", "likely", "files"),
    [
        (new_file, {"x/new.py"}, set()),
        (new_folder, {"x/new"}, set()),
        (new_rules, {"x/.gitignore"}, set()),
        # What nobody reads is nothing.
        (new_note, set(), set()),
        (removed, {"x/b.py"}, {"x/b.py"}),
        (replaced, {"x/b.py"}, {"x/b.py"}),
        (removed_folder, {"x/y"}, {"x/y/c.py"}),
        # Written in place: at once where it was written lately, else among all files.
        (written_lately, {"a.py"}, {"a.py"}),
        (written_long_ago, set(), {"x/b.py"}),
    ],
)
def test_what_is_found(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    likely: set[str],
    files: set[str],
) -> None:
    monkeypatch.setattr(looking, "_LAST_CHANGED", 1)
    stamps = {path: stamp for path in FILES if (stamp := stamp_of(str(root), path))}
    look = Look(str(root), lambda: stamps)
    # The folders are new to it, and then they have changed a moment ago.  Of those that are not
    # followed nothing is known but that they are there.
    for _ in range(4):
        assert look.at_likely(FOLDERS) <= {"ignored"}
    change(root)
    assert look.at_likely(FOLDERS) - {"ignored"} == likely
    assert look.at_files() == files

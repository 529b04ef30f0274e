"""What is found in a folder: no link is followed, nothing is entered twice, nothing fails."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.repository.fitness import MOST_BYTES
from fimls.repository.ignore import Sieve
from fimls.repository.scan import Scan, scan, stamp_of
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    import pytest


def found(root: Path, most: int = 1_000) -> Scan:
    return scan(str(root), Sieve(str(root)), most)


def test_files_and_folders(tmp_path: Path) -> None:
    files = ["b.py", "a.ts", "x/a.go", "note.md", "x/image.png", "x/y/Main.java", "data.json"]
    made(tmp_path, dict.fromkeys(files, "text"))
    made(tmp_path, {".gitignore": "x/y/\n", "node_modules/a.js": "", "lib.min.js": ""})
    scanned = found(tmp_path)
    assert list(scanned.files) == ["a.ts", "b.py", "x/a.go"]
    assert scanned.folders == ["", "x"]
    assert scanned.is_whole


def test_the_nearest_to_the_top_are_taken(tmp_path: Path) -> None:
    made(tmp_path, dict.fromkeys(["z.py", "a/deep/er/a.py", "a/b.py", "m/c.py"], ""))
    scanned = found(tmp_path, most=3)
    assert list(scanned.files) == ["z.py", "a/b.py", "m/c.py"]
    assert not scanned.is_whole


def test_links_are_not_followed(tmp_path: Path) -> None:
    made(tmp_path / "outside", {"secret.py": "", "deep/secret.py": ""})
    root = made(tmp_path / "project", {"a.py": "", "x/b.py": ""})
    # To a file and a folder outside, to one inside, to nothing, and round in a circle.
    (root / "link.py").symlink_to(tmp_path / "outside" / "secret.py")
    (root / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "inner").symlink_to(root / "x", target_is_directory=True)
    (root / "gone.py").symlink_to(tmp_path / "nowhere")
    (root / "x" / "round").symlink_to(root, target_is_directory=True)
    (root / "self.py").symlink_to(root / "self.py")
    scanned = found(root)
    assert list(scanned.files) == ["a.py", "x/b.py"]
    assert stamp_of(str(root), "link.py") is None


def test_what_is_no_file(tmp_path: Path) -> None:
    made(tmp_path, {"a.py": "", "folder.py/": "", "huge.py": "x" * (MOST_BYTES + 1)})
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(os.path.relpath(tmp_path / "door.py"))
        assert list(found(tmp_path).files) == ["a.py"]


def test_what_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, {"a.py": "", "closed/b.py": ""})
    entries, about = os.scandir, os.stat

    def scandir(place: Path) -> object:
        # Those who run tests may be allowed everything.
        if place.name == "closed":
            raise PermissionError(place)
        return entries(place)

    def stat(place: Path | str, **more: bool) -> object:
        if "/closed/" in str(place):
            raise PermissionError(place)
        return about(place, **more)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "stat", stat)
    assert list(found(tmp_path).files) == ["a.py"]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    made(tmp_path, {"a.py": "", "with blank.py": "", "neue\nzeile.py": "", "ü.py": ""})
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")).write_text("")
    assert list(found(tmp_path).files) == ["a.py", "neue\nzeile.py", "with blank.py", "ü.py"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert list(found(tmp_path / "nowhere").files) == []

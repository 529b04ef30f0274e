from __future__ import annotations

from pathlib import Path

import pytest

from fimls.cli.place import Place, offset_of, place_of, snapshot_of, workspace_of
from fimls.errors import InputError
from fimls.testing.marks import marked


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.py:3", Place(Path("a.py"), 3, None)),
        ("a.py:3:7", Place(Path("a.py"), 3, 7)),
        # Colons may be part of a name, as in a drive's letter.
        ("C:\\code\\a.py:3", Place(Path("C:\\code\\a.py"), 3, None)),
        ("a:b:3:7", Place(Path("a:b"), 3, 7)),
        # A number is a name too, where two more follow.
        ("1:2:3", Place(Path("1"), 2, 3)),
    ],
)
def test_place(text: str, place: Place) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize(
    "text",
    [
        *("", "a.py", "a.py:", ":3", "a.py:-1", "a.py:3:", "a.py:3:x"),
        # More digits than Python makes a number of.
        f"a.py:{'9' * 5000}",
    ],
)
def test_no_place(text: str) -> None:
    with pytest.raises(InputError, match="FILE:LINE:COL"):
        place_of(text)


def check_offset(place: str, drawn: str) -> None:
    """A place means the cursor of the picture."""
    seen = marked(drawn)
    assert offset_of(place_of(place), seen.text) == seen.offset


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        ("f:1", "one█\ntwo"),
        ("f:2", "one\ntwo█"),
        # Before the character at the column.
        ("f:1:1", "█one"),
        ("f:1:3", "on█e"),
        # One past the last character is the end of the line.
        ("f:1:4", "one█\n"),
        # What follows the last line end is a line, if an empty one.
        ("f:2:1", "one\n█"),
        ("f:1", "█"),
        # Columns count code points, not units of any encoding.
        ("f:1:3", "é𝛼█x"),
        # A character that other programs take for a line end.
        ("f:1", "a\u2028b\x0cc█\nd"),
    ],
)
def test_offset(place: str, drawn: str) -> None:
    check_offset(place, drawn)


def test_workspace(tmp_path: Path) -> None:
    inner = tmp_path / "project" / "src" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    assert workspace_of(inner / "a.py") == (tmp_path / "project").resolve()


def test_the_nearest_project_counts(tmp_path: Path) -> None:
    inner = tmp_path / "mono" / "package"
    inner.mkdir(parents=True)
    (tmp_path / "mono" / ".git").mkdir()
    (inner / "package.json").touch()
    assert workspace_of(inner / "a.ts") == inner.resolve()


def test_a_place_in_a_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with pytest.raises(InputError, match=r"a\.py cannot be found from here"):
        workspace_of(Path("a.py"))


def test_a_place_that_links_go_round_in(tmp_path: Path) -> None:
    link = tmp_path / "a.py"
    link.symlink_to(link)
    with pytest.raises(InputError, match=r"a\.py cannot be found from here"):
        snapshot_of(link, "", tmp_path)

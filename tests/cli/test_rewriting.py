from __future__ import annotations

import io
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fimls.cli.place import snapshot_of
from fimls.cli.rewriting import difference, rewritten, show, write
from fimls.errors import InputError
from fimls.text.edits import Edit

if TYPE_CHECKING:
    from pathlib import Path


def check_rewritten(folder: Path, source: str, edits: list[Edit], after: str) -> None:
    """Edits, whose offsets mean the text with LF, in a text with its own line ends."""
    snap = snapshot_of(folder / "a.py", source, folder)
    assert rewritten(snap, edits) == after


@pytest.mark.parametrize(
    ("source", "edits", "after"),
    [
        ("a\nb\n", [Edit(2, 3, "c")], "a\nc\n"),
        # What is put in has the line ends that the document has.
        ("a\r\nb\r\n", [Edit(1, 1, "\nx"), Edit(3, 3, "y")], "a\r\nx\r\nby\r\n"),
        # A line whose end is unlike the others keeps it.
        ("a\nb\r\nc\r\n", [Edit(4, 5, "d\ne")], "a\nb\r\nd\r\ne\r\n"),
        # At the very end, without a line end there.
        ("a", [Edit(1, 1, "\nb")], "a\nb"),
    ],
)
def test_rewritten(tmp_path: Path, source: str, edits: list[Edit], after: str) -> None:
    check_rewritten(tmp_path, source, edits, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nx\nc\n"),
        # Neither the old nor the new last line has an end.
        ("a\nb", "a\nb\nc"),
        ("a\r\nb\r\n", "a\r\nx\r\nb\r\n"),
        ("", "a\n"),
    ],
)
def test_a_difference_can_be_applied_by_patch(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / "a.py").write_bytes(before.encode())
    diff = difference(before, after, "a.py")
    git = shutil.which("git")
    assert git is not None, "this test needs git"
    command = [git, "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "a.py").read_bytes() == after.encode()


def test_on_a_terminal_it_has_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    show("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-[b]old[/b]\n+new\n")
    shown = terminal.getvalue()
    assert "\x1b[31m-[b]old[/b]" in shown
    assert "\x1b[32m+new" in shown


def test_elsewhere_it_is_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show("-a\r\n+b\r\n")
    assert capsys.readouterr().out == "-a\r\n+b\r\n"


def test_a_file_is_written(tmp_path: Path) -> None:
    file, link = tmp_path / "a.sh", tmp_path / "link.sh"
    file.write_bytes(b"\xef\xbb\xbfa\r\n")
    file.chmod(0o755)
    link.symlink_to(file)
    assert write(link, "a\r\n", "b\r\n")
    # Its mark, its mode and the link are what they were, and nothing is left beside it.
    assert file.read_bytes() == b"\xef\xbb\xbfb\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o755
    assert link.is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.sh", "link.sh"]


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("other")
    assert not write(file, "a", "b")
    assert file.read_text() == "other"


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        write(tmp_path / "a.py", "a", "b")

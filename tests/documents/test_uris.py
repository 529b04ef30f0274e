"""Which URIs are worked on, and which file each one means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.documents.uris import is_document, path_of, relative_path


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///home/u/x.py", True),
        ("untitled:Untitled-1", True),
        ("vscode-notebook-cell:/home/u/n.ipynb#W0sZmlsZQ%3D%3D", True),
        ("vscode-remote://ssh-remote%2Bhost/home/u/x.py", True),
        # Schemes have no case.
        ("FILE:///x.py", True),
        # Views of VS Code.
        ("git:/home/u/x.py?%7B%7D", False),
        ("output:tasks", False),
        ("vscode-scm:git/scm0/input", False),
        # No scheme at all.
        ("/home/u/x.py", False),
        ("", False),
    ],
)
def test_is_document(uri: str, *, expected: bool) -> None:
    assert is_document(uri) is expected


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///home/u/x.py", "/home/u/x.py"),
        # Percent signs, also those of characters beyond ASCII.
        ("file:///home/u/my%20caf%C3%A9%23.py", "/home/u/my café#.py"),
        # VS Code writes a Windows drive in lower case with an escaped colon, others do not.
        ("file:///c%3A/Users/u/x.py", "c:/Users/u/x.py"),
        ("file:///C:/Users/u/x.py", "c:/Users/u/x.py"),
        # Some clients leave the backslashes.
        ("file:///C:%5CUsers%5Cx.py", "c:/Users/x.py"),
        # Only at the beginning is it a drive.
        ("file:///home/c:/x.py", "/home/c:/x.py"),
        # A folder shared by another machine, and this machine by its name.
        ("file://server/share/x.py", "/share/x.py"),
        ("file://localhost/x.py", "/x.py"),
        ("untitled:Untitled-1", "Untitled-1"),
        # The cell is named by the fragment.
        ("vscode-notebook-cell:/home/u/n.ipynb#W0s", "/home/u/n.ipynb"),
        # What is not UTF-8 does not fail.
        ("file:///a%ff.py", "/a\ufffd.py"),
        # No system takes a name with NUL: to look for the file would raise.
        ("file:///a%00.py", "/a\ufffd.py"),
        # `urlsplit` would raise.
        ("file://[x/y.py", "/y.py"),
    ],
)
def test_path_of(uri: str, expected: str) -> None:
    assert path_of(uri) == expected


@pytest.mark.parametrize(
    ("uri", "folders", "expected"),
    [
        ("file:///w/src/x.py", ["file:///w"], "src/x.py"),
        # A slash at the folder's end makes no difference.
        ("file:///w/src/x.py", ["file:///w/"], "src/x.py"),
        # The innermost folder, in whatever order they come.
        ("file:///w/lib/src/x.py", ["file:///w/lib", "file:///w"], "src/x.py"),
        ("file:///w/lib/src/x.py", ["file:///w", "file:///w/lib"], "src/x.py"),
        # A folder whose name only begins like the path's.
        ("file:///work/x.py", ["file:///w"], "x.py"),
        # No folder, or another one.
        ("file:///a/b/x.py", [], "x.py"),
        ("file:///a/b/x.py", ["file:///c"], "x.py"),
        # The drive's letter and its colon are written in two ways.
        ("file:///c%3A/w/x/y.py", ["file:///C:/w"], "x/y.py"),
        ("file:///c%3A/x/y.py", ["file:///c%3A/"], "x/y.py"),
        # The root of a machine is a folder.
        ("file:///etc/x.conf", ["file:///"], "etc/x.conf"),
        # A cell lies in the folder of its notebook.
        ("vscode-notebook-cell:/w/n/a.ipynb#W1", ["file:///w"], "n/a.ipynb"),
        # On a remote machine; the same path on another one is another file.
        ("vscode-remote://ssh%2Ba/w/x/y.py", ["vscode-remote://ssh%2Ba/w"], "x/y.py"),
        ("vscode-remote://ssh%2Ba/w/x/y.py", ["vscode-remote://ssh%2Bb/w"], "y.py"),
        ("untitled:Untitled-1", ["file:///w"], "Untitled-1"),
    ],
)
def test_relative_path(uri: str, folders: list[str], expected: str) -> None:
    assert relative_path(uri, folders) == expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_taken(uri: str, folder: str) -> None:
    path = path_of(uri)
    assert path.encode().decode() == path
    assert path.endswith(relative_path(uri, [folder]))

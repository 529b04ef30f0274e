"""Where documents lie for the engine, and which edits of others it is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.lsp import test_indexing
from tests.lsp.test_indexing import folders, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fimls.context.place import Place
    from tests.lsp.editor import Editor

connected, root = test_indexing.connected, test_indexing.root

TEXT = "def first(): pass\n"


def typed(line: int, text: str) -> dict[str, Any]:
    """A change that puts text at the begin of a line."""
    at = {"line": line, "character": 0}
    return {"range": {"start": at, "end": at}, "text": text}


async def started(make: Callable[..., Editor], *roots: Path) -> Editor:
    """An editor of a server that knows the files of these folders."""
    editor = make()
    await editor.start(workspaceFolders=folders(*roots))
    uris = [(root / "a.py").as_uri() for root in roots]
    await until(lambda: all(_is_read(editor, uri) for uri in uris))
    return editor


def _is_read(editor: Editor, uri: str) -> bool:
    found = editor.server.places.at(uri)
    return found is not None and found.view.facts("a.py") is not None


def place_of(editor: Editor, file: Path) -> Place:
    found = editor.server.places.at(file.as_uri())
    assert found is not None
    return found


def edit(editor: Editor, file: Path, *changes: dict[str, Any]) -> None:
    """Opens a file and changes it."""
    editor.open(TEXT, file.as_uri())
    editor.change(*changes, uri=file.as_uri())


async def test_an_edit_is_told_to_the_other_files_of_its_folder(
    connected: Callable[..., Editor], root: Path
) -> None:
    editor = await started(connected, root)
    edit(editor, root / "a.py", typed(1, "second = first()\n"))
    other = place_of(editor, root / "b.py")
    assert (other.path, other.view.folder) == ("b.py", str(root))
    assert [(each.path, each.text) for each in other.recent] == [
        ("a.py", "def first(): pass\nsecond = first()\n")
    ]
    # In the file itself everybody sees it.
    assert place_of(editor, root / "a.py").recent == ()
    editor.tell("textDocument/didClose", {"textDocument": {"uri": (root / "a.py").as_uri()}})
    assert place_of(editor, root / "b.py").recent == ()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        # Git does not know the file.
        ("ignored.py", typed(0, "x = 1\n")),
        # It is in no folder of the workspace.
        ("../outside.py", typed(0, "x = 1\n")),
        # The whole text says nothing of where the edit was.
        ("a.py", {"text": "x = 1\n"}),
    ],
)
async def test_edits_that_nobody_is_told_of(
    connected: Callable[..., Editor], root: Path, path: str, change: dict[str, Any]
) -> None:
    (root / ".gitignore").write_text("ignored.py\n")
    editor = await started(connected, root)
    edit(editor, (root / path).resolve(), change)
    assert place_of(editor, root / "b.py").recent == ()


async def test_another_folder_is_told_nothing(
    connected: Callable[..., Editor], root: Path, tmp_path: Path
) -> None:
    # Both have a file of that name.
    second = tmp_path / "second"
    second.mkdir()
    (second / "a.py").write_text(TEXT)
    editor = await started(connected, root, second)
    edit(editor, second / "a.py", typed(0, "x = 1\n"))
    assert place_of(editor, root / "b.py").recent == ()
    assert len(place_of(editor, second / "b.py").recent) == 1


async def test_a_document_without_a_folder_lies_nowhere(
    connected: Callable[..., Editor], root: Path, tmp_path: Path
) -> None:
    editor = await started(connected, root)
    assert editor.server.places.at((tmp_path / "elsewhere.py").as_uri()) is None
    assert editor.server.places.at("untitled:Untitled-1") is None

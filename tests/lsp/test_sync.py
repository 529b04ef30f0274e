"""Documents, folders: what the server holds after what the editor has said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.lsp.editor import URI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop


def edit(line: int, start: int, end: int, text: str) -> dict[str, object]:
    span = {
        "start": {"line": line, "character": start},
        "end": {"line": line, "character": end},
    }
    return {"range": span, "text": text}


@pytest.mark.parametrize(
    ("encoding", "before", "change", "after"),
    [
        # Each encoding counts the astral character differently.
        ("utf-8", "'😀' + a", edit(0, 9, 10, "b"), "'😀' + b"),
        ("utf-16", "'😀' + a", edit(0, 7, 8, "b"), "'😀' + b"),
        ("utf-32", "'😀' + a", edit(0, 6, 7, "b"), "'😀' + b"),
        # CRLF is one line end, and stays one.
        ("utf-16", "a\r\nb\r\n", edit(1, 0, 1, "c"), "a\r\nc\r\n"),
        # Line separators of Unicode and form feeds begin no line; pygls' documents drift here.
        ("utf-16", "'\u2028'\n\x0c\nb", edit(2, 0, 1, "c"), "'\u2028'\n\x0c\nc"),
        # Beyond the end of a line and of the file.
        ("utf-16", "a\nb", edit(0, 9, 99, "!"), "a!\nb"),
        ("utf-16", "a\nb", edit(9, 0, 0, "!"), "a\nb!"),
        # The whole text.
        ("utf-16", "a\nb", {"text": "c"}, "c"),
    ],
)
async def test_changes(
    editor: Editor, encoding: str, before: str, change: Mapping[str, object], after: str
) -> None:
    await editor.start({"general": {"positionEncodings": [encoding]}})
    editor.open(before)
    editor.change(change, version=5)

    snap = editor.server.documents.at(URI)
    assert snap is not None
    assert (snap.source, snap.version) == (after, 5)


async def test_pygls_keeps_no_documents(editor: Editor) -> None:
    await editor.start()
    editor.open("x")
    editor.change({"text": "y"})

    assert not editor.server.workspace.text_documents


async def test_the_completer_is_told(editor: Editor, workshop: Workshop) -> None:
    await editor.start()
    await editor.server.engine.ready()
    editor.open("x")
    editor.change({"text": "y"})
    editor.tell("textDocument/didClose", {"textDocument": {"uri": URI}})

    assert [snap.text for snap in workshop.completer.moved] == ["y"]
    assert workshop.completer.freed == [URI]
    assert editor.server.documents.all() == []


async def test_the_completer_is_told_of_a_document_as_it_was_opened(
    editor: Editor, workshop: Workshop
) -> None:
    await editor.start()
    editor.open("x")
    editor.open("y", "file:///project/b.py")
    editor.change({"text": "z"})
    await editor.server.engine.ready()
    await asyncio.sleep(0)

    # The first has been changed before the engine was there.
    assert [snap.text for snap in workshop.completer.seen] == ["y"]


async def test_other_schemes_are_ignored(editor: Editor) -> None:
    await editor.start()
    for uri in ("git:/project/a.py", "output:log", "untitled:Untitled-1"):
        editor.open("x", uri)

    assert editor.server.documents.all() == ["untitled:Untitled-1"]


def folder(uri: str) -> dict[str, str]:
    return {"uri": uri, "name": uri}


@pytest.mark.parametrize(
    ("params", "path"),
    [
        # No workspace at all: the file's name.
        ({}, "a.py"),
        # Folders, and the one root of older clients, in both of its forms.
        ({"workspaceFolders": [folder("file:///other"), folder("file:///project")]}, "src/a.py"),
        ({"rootUri": "file:///project"}, "src/a.py"),
        ({"rootPath": "/project"}, "src/a.py"),
        # A root that is no path.
        ({"rootUri": "vscode-remote://ssh/project"}, "a.py"),
    ],
)
async def test_folders(editor: Editor, params: Mapping[str, object], path: str) -> None:
    uri = "file:///project/src/a.py"
    await editor.start({}, **params)
    editor.open("x", uri)

    snap = editor.server.documents.at(uri)
    assert snap is not None
    assert snap.path == path


async def test_folders_come_and_go(editor: Editor) -> None:
    await editor.start(workspaceFolders=[folder("file:///a"), folder("file:///b")])
    change = {"added": [folder("file:///c"), folder("file:///b")], "removed": [folder("file:///a")]}
    editor.tell("workspace/didChangeWorkspaceFolders", {"event": change})

    assert editor.server.documents.folders == ("file:///b", "file:///c")

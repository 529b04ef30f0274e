"""All open documents: what the editor says, and what each one then is."""

from __future__ import annotations

import pytest

from fimls.documents.store import Documents
from fimls.text.positions import Encoding, Position, Range

URI = "file:///w/src/caf%C3%A9.py"


def at(line: int, character: int) -> Range:
    return Range(Position(line, character), Position(line, character))


def text_of(documents: Documents, uri: str = URI) -> str | None:
    snap = documents.at(uri)
    return snap.text if snap else None


def test_open_change_close(documents: Documents) -> None:
    documents.open(URI, "python", 3, "a\n")
    documents.change(URI, 7, [(at(0, 1), "b"), (at(0, 2), "c")])
    snap = documents.at(URI)

    assert snap is not None
    # Both edits of one notification, the second one in what the first one left.
    assert (snap.text, snap.version, snap.uri) == ("abc\n", 7, URI)
    documents.close(URI)
    assert (documents.at(URI), documents.all()) == (None, [])


def test_the_whole_text_and_then_an_edit(documents: Documents) -> None:
    documents.open(URI, "python", 1, "old")
    documents.change(URI, 2, [(None, "new\r\n"), (at(1, 0), "x")])

    assert text_of(documents) == "new\nx"


def test_a_document_opened_again_is_the_new_one(documents: Documents) -> None:
    documents.open(URI, "python", 1, "old")
    old = documents.at(URI)
    documents.open(URI, "rust", 1, "new")
    new = documents.at(URI)

    assert old is not None
    assert new is not None
    assert (new.text, new.language.id) == ("new", "rust")
    assert not documents.is_current(old)


def test_a_snapshot_is_the_same_object_until_its_document_changes(documents: Documents) -> None:
    documents.open(URI, "python", 1, "a")
    documents.open("file:///other.py", "python", 1, "a")
    snap = documents.at(URI)
    assert snap is not None
    documents.change("file:///other.py", 2, [(None, "b")])

    assert documents.at(URI) is snap
    assert documents.is_current(snap)
    documents.change(URI, 2, [(None, "b")])
    assert not documents.is_current(snap)
    assert snap.text == "a"


@pytest.mark.parametrize(
    "uri", ["git:/w/x.py", "output:tasks", "vscode-interactive-input:/x", "no scheme"]
)
def test_other_schemes_are_ignored(documents: Documents, uri: str) -> None:
    documents.open(uri, "python", 1, "x")

    assert documents.all() == []


def test_what_is_not_open_is_ignored(documents: Documents) -> None:
    documents.change(URI, 2, [(None, "x")])
    documents.close(URI)

    assert documents.all() == []


@pytest.mark.parametrize(
    ("encoding", "character"), [(Encoding.UTF8, 7), (Encoding.UTF16, 4), (Encoding.UTF32, 3)]
)
def test_edits_are_in_the_encoding_agreed_on(encoding: Encoding, character: int) -> None:
    documents = Documents(encoding)
    documents.open(URI, "python", 1, "é😀z")
    documents.change(URI, 2, [(at(0, character), "!")])

    assert text_of(documents) == "é😀z!"


def test_paths_follow_the_workspace_folders(documents: Documents) -> None:
    documents.open(URI, "python", 1, "")
    paths = []
    for folders in ([], ["file:///w"], ["file:///w", "file:///w/src"], ["file:///elsewhere"]):
        documents.folders = tuple(folders)
        snap = documents.at(URI)
        paths.append(snap.path if snap else None)

    assert paths == ["café.py", "src/café.py", "café.py", "café.py"]


def test_the_language_is_found_by_the_name_where_the_id_is_unknown(documents: Documents) -> None:
    documents.open(URI, "my-python", 1, "")
    snap = documents.at(URI)

    assert snap is not None
    assert snap.language.id == "python"

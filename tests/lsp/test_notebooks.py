"""Notebooks: cells are documents, and the code above one is before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop

NOTEBOOK = "file:///project/a.ipynb"
CODE, MARKUP = 2, 1


def uri(name: str) -> str:
    return f"vscode-notebook-cell:/project/a.ipynb#{name}"


def cell(name: str, kind: int = CODE) -> dict[str, object]:
    return {"kind": kind, "document": uri(name)}


def text(name: str, source: str, language: str = "python") -> dict[str, object]:
    return {"uri": uri(name), "languageId": language, "version": 1, "text": source}


async def opened(editor: Editor) -> None:
    """A notebook with some prose between two cells of code."""
    await editor.start({"notebookDocument": {"synchronization": {}}})
    await editor.server.engine.ready()
    notebook = {
        "uri": NOTEBOOK,
        "notebookType": "jupyter-notebook",
        "version": 1,
        "cells": [cell("one"), cell("prose", MARKUP), cell("two")],
    }
    texts = [text("one", "import os"), text("prose", "# Hi", "markdown"), text("two", "os.")]
    params = {"notebookDocument": notebook, "cellTextDocuments": texts}
    editor.tell("notebookDocument/didOpen", params)


def change(editor: Editor, **cells: object) -> None:
    params = {"notebookDocument": {"uri": NOTEBOOK, "version": 2}, "change": {"cells": cells}}
    editor.tell("notebookDocument/didChange", params)


def preamble(editor: Editor, name: str) -> str:
    snap = editor.server.documents.at(uri(name))
    assert snap is not None
    return snap.preamble


async def test_they_are_announced(editor: Editor) -> None:
    answer = await editor.start({"notebookDocument": {"synchronization": {}}})

    selector = answer["capabilities"]["notebookDocumentSync"]["notebookSelector"]
    assert selector == [{"notebook": "*"}]


async def test_code_above_is_before_a_cell(editor: Editor) -> None:
    await opened(editor)

    assert preamble(editor, "two") == "import os\n"


async def test_texts_change(editor: Editor, workshop: Workshop) -> None:
    await opened(editor)
    document = {"uri": uri("one"), "version": 2}
    change(editor, textContent=[{"document": document, "changes": [{"text": "import re"}]}])

    assert preamble(editor, "two") == "import re\n"
    assert [snap.uri for snap in workshop.completer.moved] == [uri("one")]


async def test_cells_come_go_and_move(editor: Editor, workshop: Workshop) -> None:
    await opened(editor)
    array = {"start": 0, "deleteCount": 2, "cells": [cell("zero")]}
    change(
        editor,
        structure={
            "array": array,
            "didOpen": [text("zero", "x = 1")],
            "didClose": [{"uri": uri("one")}, {"uri": uri("prose")}],
        },
    )

    assert preamble(editor, "two") == "x = 1\n"
    assert workshop.completer.freed == [uri("one"), uri("prose")]


async def test_a_cell_turns_into_prose(editor: Editor) -> None:
    await opened(editor)
    change(editor, data=[cell("one", MARKUP)])

    assert preamble(editor, "two") == ""


async def test_what_is_not_about_cells_changes_nothing(editor: Editor) -> None:
    await opened(editor)
    document = {"uri": NOTEBOOK, "version": 2}
    params = {"notebookDocument": document, "change": {"metadata": {"a": 1}}}
    editor.tell("notebookDocument/didChange", params)

    assert preamble(editor, "two") == "import os\n"


async def test_a_change_that_cannot_be_read_frees_all_cells(
    editor: Editor, workshop: Workshop
) -> None:
    await opened(editor)
    params = {"notebookDocument": {"uri": NOTEBOOK, "version": 2}, "change": {"cells": 5}}
    editor.tell("notebookDocument/didChange", params)

    assert editor.server.documents.all() == []
    assert workshop.completer.freed == [uri("one"), uri("prose"), uri("two"), NOTEBOOK]


async def test_closing(editor: Editor, workshop: Workshop) -> None:
    await opened(editor)
    cells = [{"uri": uri(name)} for name in ("one", "prose", "two")]
    params = {"notebookDocument": {"uri": NOTEBOOK}, "cellTextDocuments": cells}
    editor.tell("notebookDocument/didClose", params)

    assert editor.server.documents.all() == []
    assert workshop.completer.freed == [uri("one"), uri("prose"), uri("two")]

"""Notebooks: the code cells above a cell are its preamble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.documents.notebooks import Cell, ChangedCell, NotebookChange, OpenedCell, Splice
from fimls.text.positions import Position, Range

if TYPE_CHECKING:
    from fimls.documents.store import Documents

NOTEBOOK = "file:///w/n.ipynb"
CELL = "vscode-notebook-cell:/w/n.ipynb#{}"
START = Range(Position(0, 0), Position(0, 0))


def cell(name: str, *, is_code: bool = True) -> Cell:
    return Cell(CELL.format(name), is_code=is_code)


def opened(name: str, text: str, language: str = "python") -> OpenedCell:
    return OpenedCell(CELL.format(name), language, 1, text)


def edited(name: str, text: str) -> ChangedCell:
    return ChangedCell(CELL.format(name), 2, [(START, text)])


def preamble(documents: Documents, name: str) -> str | None:
    snap = documents.at(CELL.format(name))
    return snap.preamble if snap else None


@pytest.fixture
def notebook(documents: Documents) -> Documents:
    """Code `a`, a text `m`, code `b` and `c`."""
    documents.folders = ("file:///w",)
    documents.open_notebook(
        NOTEBOOK,
        [cell("a"), cell("m", is_code=False), cell("b"), cell("c")],
        [
            opened("a", "import os\r\nx = 1"),
            opened("m", "# Title", "markdown"),
            opened("b", "y = 2\n"),
            opened("c", "z"),
        ],
    )
    return documents


def test_the_code_cells_above_are_the_preamble(notebook: Documents) -> None:
    assert preamble(notebook, "a") == ""
    assert preamble(notebook, "b") == "import os\nx = 1\n"
    assert preamble(notebook, "c") == "import os\nx = 1\ny = 2\n"


def test_a_cell_is_named_by_its_notebook(notebook: Documents) -> None:
    snap = notebook.at(CELL.format("c"))

    assert snap is not None
    assert (snap.path, snap.uri) == ("n.ipynb", CELL.format("c"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # The text of a cell above.
        (NotebookChange(changed=[edited("a", "#")]), "#import os\nx = 1\ny = 2\n"),
        # The text of the cell itself does not belong to its preamble.
        (NotebookChange(changed=[edited("c", "#")]), "import os\nx = 1\ny = 2\n"),
        # A new cell in between, in the same language and in another one.
        (
            NotebookChange(Splice(3, 0, [cell("n")]), [opened("n", "n")]),
            "import os\nx = 1\ny = 2\nn\n",
        ),
        (
            NotebookChange(Splice(3, 0, [cell("n")]), [opened("n", "n", "sql")]),
            "import os\nx = 1\ny = 2\n",
        ),
        # An empty one adds no blank line.
        (NotebookChange(Splice(3, 0, [cell("n")]), [opened("n", "")]), "import os\nx = 1\ny = 2\n"),
        # A cell is deleted.
        (NotebookChange(Splice(0, 1), closed=[CELL.format("a")]), "y = 2\n"),
        # A cell moves above another one; no text is opened or closed.
        (
            NotebookChange(Splice(0, 3, [cell("b"), cell("a"), cell("m", is_code=False)])),
            "y = 2\nimport os\nx = 1\n",
        ),
        # A cell moves below this one.
        (NotebookChange(Splice(2, 2, [cell("c"), cell("b")])), "import os\nx = 1\n"),
        # A code cell becomes text where it stands.
        (NotebookChange(kinds=[cell("b", is_code=False)]), "import os\nx = 1\n"),
        # A new cell with text and its first edit come in one notification.
        (
            NotebookChange(
                Splice(3, 0, [cell("n")]), [opened("n", "n")], changed=[edited("n", "#")]
            ),
            "import os\nx = 1\ny = 2\n#n\n",
        ),
    ],
)
def test_change_notebook(notebook: Documents, change: NotebookChange, expected: str) -> None:
    snap = notebook.at(CELL.format("c"))
    assert snap is not None
    notebook.change_notebook(NOTEBOOK, change)

    assert preamble(notebook, "c") == expected
    assert not notebook.is_current(snap)


def test_a_cell_edited_like_a_document_changes_those_below(notebook: Documents) -> None:
    below = notebook.at(CELL.format("c"))
    assert below is not None
    notebook.change(CELL.format("b"), 2, [(None, "w")])

    assert not notebook.is_current(below)
    assert preamble(notebook, "c") == "import os\nx = 1\nw\n"


def test_half_a_surrogate_pair_above_can_be_encoded(notebook: Documents) -> None:
    notebook.change_notebook(NOTEBOOK, NotebookChange(changed=[edited("a", "\ud83d")]))

    assert (preamble(notebook, "b") or "").encode().startswith("\ufffd".encode())


def test_notebooks_do_not_mix(notebook: Documents) -> None:
    other = Cell("vscode-notebook-cell:/w/o.ipynb#a", is_code=True)
    notebook.open_notebook(
        "file:///w/o.ipynb", [other], [OpenedCell(other.uri, "python", 1, "other")]
    )
    snap = notebook.at(other.uri)

    assert snap is not None
    assert snap.preamble == ""
    notebook.close_notebook("file:///w/o.ipynb", [other.uri])
    assert notebook.at(other.uri) is None
    assert preamble(notebook, "c") is not None


def test_closing_a_notebook_frees_its_cells(notebook: Documents) -> None:
    notebook.close_notebook(NOTEBOOK)

    assert notebook.all() == []
    assert notebook._notebooks == {}
    assert notebook._snapshots == {}


def test_what_is_not_open_is_ignored(documents: Documents) -> None:
    documents.change_notebook(NOTEBOOK, NotebookChange(opened=[opened("a", "x")]))
    documents.close_notebook(NOTEBOOK)
    documents.open_notebook("git:/w/n.ipynb", [cell("a")], [opened("a", "x")])

    assert documents.all() == []


def test_a_cell_whose_notebook_is_not_known_has_no_preamble(documents: Documents) -> None:
    documents.open(CELL.format("a"), "python", 1, "x")

    assert preamble(documents, "a") == ""

"""Notebooks as plain values, and the order of the cells of an open one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.text.positions import Range


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's place in its notebook: the URI of its text, and whether it is code or markup."""

    uri: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class OpenedCell:
    """The text of a cell that has been opened."""

    uri: str
    language_id: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """The edits of a cell's text: each in the text as the one before left it."""

    uri: str
    version: int
    changes: Sequence[tuple[Range | None, str]]


@dataclass(frozen=True, slots=True)
class Splice:
    """Cells in place of `delete_count` cells from `start` on; how cells come, go and move."""

    start: int
    delete_count: int
    cells: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class NotebookChange:
    """All that one notification tells: order first, then texts opened and closed, then edits.

    `kinds` are cells that stay where they are and have become code or markup.
    """

    splice: Splice | None = None
    opened: Sequence[OpenedCell] = ()
    closed: Sequence[str] = ()
    kinds: Sequence[Cell] = ()
    changed: Sequence[ChangedCell] = ()


class Notebook:
    """The order of an open notebook's cells."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = list(cells)

    def __contains__(self, uri: object) -> bool:
        return any(cell.uri == uri for cell in self._cells)

    @property
    def uris(self) -> tuple[str, ...]:
        """The URIs of all cells, from the first to the last."""
        return tuple(cell.uri for cell in self._cells)

    def code_above(self, uri: str) -> tuple[str, ...]:
        """The URIs of the code cells above a cell, from the first on."""
        above = self._cells[: self.uris.index(uri)] if uri in self else ()
        return tuple(cell.uri for cell in above if cell.is_code)

    def arrange(self, splice: Splice | None, kinds: Sequence[Cell]) -> None:
        """Takes over how cells come, go, move and turn from code into markup or back."""
        if splice is not None:
            end = splice.start + splice.delete_count
            self._cells[splice.start : end] = splice.cells
        turned = {cell.uri: cell for cell in kinds}
        self._cells = [turned.get(cell.uri, cell) for cell in self._cells]

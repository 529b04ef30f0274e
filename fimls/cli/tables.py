"""Tables of figures, for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def table(*columns: str) -> Table:
    """A table without lines: names on the left, figures on the right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="left" if column == columns[0] else "right")
    return made


def show(made: Table) -> None:
    """Prints a table."""
    from rich.console import Console

    Console(highlight=False).print(made)

"""How `fimls doctor` is told to people: a line for what is well, reason and fix for the rest."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from fimls.cli.checks.finding import Grade, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console, RenderableType

    from fimls.cli.checks import finding
    from fimls.cli.checks.finding import Finding, Row

_MARKS: Mapping[Grade, tuple[str, str]] = {
    Grade.OK: ("✓", "green"),
    Grade.NOTE: ("•", "cyan"),
    Grade.WARN: ("!", "bold yellow"),
    Grade.FAIL: ("✗", "bold red"),
}

# In a wider terminal the eye would lose the line.
_MOST_COLUMNS = 110

# In a pipe nothing is broken into lines: it is searched, or pasted into a report.
_PIPE_COLUMNS = 10_000

# What is under a finding begins here, below the names.
_INDENT = 4

# Between the columns of a table.
_GAP = "  "

_COMMAND = r"`[^`]+`"
_COMMAND_STYLE = "cyan"


class Diagnosis:
    """A report, group by group; `name_columns` is the length of the longest name in it."""

    def __init__(self, console: Console, name_columns: int) -> None:
        self._console = console
        self._name_columns = name_columns
        if console.is_terminal:
            console.width = min(console.width, _MOST_COLUMNS)
        else:
            console.width = _PIPE_COLUMNS

    def waiting(self, what: str) -> AbstractContextManager[object]:
        """Shows on a terminal that something takes its time; nothing is left of it."""
        return self._console.status(f"{what} …") if self._console.file.isatty() else nullcontext()

    def show(self, rows: Sequence[Row]) -> None:
        """Prints rows under the headings of their groups."""
        for group, members in groupby(rows, lambda row: row.group):
            heading = Text(f"{group.value[0].upper()}{group.value[1:]}", "bold")
            self._print(Group(heading, *map(self._drawn, members), Text()))

    def conclude(self, rows: Sequence[Row], verdict: Finding) -> None:
        """Prints what it comes to; where something is to be done first, that is what is read."""
        if verdict.grade is Grade.FAIL:
            self._print(
                Text.assemble(
                    ("Do this first: ", "bold red"), _marked(verdict.fix or verdict.found)
                )
            )
            return
        wanting = sum(row.finding.grade in (Grade.WARN, Grade.FAIL) for row in rows)
        rest = f", and {counted(wanting, 'thing')} could be better (! and ✗)" if wanting else ""
        self._print(Text.assemble(("Completions can be made here", "bold green"), f"{rest}."))

    def _print(self, drawn: RenderableType) -> None:
        if self._console.is_terminal:
            self._console.print(drawn)
            return
        # The cells of a table are padded, which on a terminal nobody sees.
        with self._console.capture() as captured:
            self._console.print(drawn)
        lines = captured.get().splitlines()
        self._console.file.write("".join(f"{line.rstrip()}\n" for line in lines))

    def _drawn(self, row: Row) -> RenderableType:
        mark, style = _MARKS[row.finding.grade]
        line = Table.grid(
            Column(width=_INDENT - 1, no_wrap=True),
            Column(width=self._name_columns + 1, no_wrap=True),
            Column(),
            padding=(0, 1, 0, 0),
        )
        line.add_row(Text(f"  {mark}", style), row.name, Group(*_told(row)))
        if row.finding.table is None:
            return line
        below = _below(row.finding.table, self._console.width - _INDENT)
        return Group(line, Padding(below, (0, 0, 0, _INDENT)))


def _told(row: Row) -> Iterator[Text]:
    """What was found; why that matters, and what to do, where it is not well."""
    found = row.finding
    yield _marked(found.found)
    if found.grade in (Grade.WARN, Grade.FAIL):
        yield Text(row.why, "dim")
    if found.fix is not None and found.grade is not Grade.OK:
        yield Text.assemble(("→ ", _MARKS[found.grade][1]), _marked(found.fix))


def _below(table: finding.Table, room: int) -> RenderableType:
    """The table, or where there is no room for its lines each row on lines of its own."""
    lengths = [max(map(len, column)) for column in zip(table.head, *table.rows, strict=True)]
    if sum(lengths) + len(_GAP) * (len(lengths) - 1) > room:
        return Group(*(line for cells in table.rows for line in _spread(table.head, cells)))
    drawn = Table(box=None, pad_edge=False, padding=(0, len(_GAP), 0, 0), header_style="dim")
    for head in table.head:
        drawn.add_column(head)
    for cells in table.rows:
        drawn.add_row(*map(Text, cells))
    return drawn


def _spread(head: tuple[str, ...], cells: tuple[str, ...]) -> Iterator[RenderableType]:
    yield Text(cells[0])
    rest = zip(head[1:], cells[1:], strict=True)
    told = ", ".join(f"{name}: {cell}" for name, cell in rest if cell)
    yield Padding(Text(told, "dim"), (0, 0, 0, len(_GAP)))


def _marked(text: str) -> Text:
    """The text with the commands and names in it in a colour of their own."""
    marked = Text(text)
    marked.highlight_regex(_COMMAND, _COMMAND_STYLE)
    return marked

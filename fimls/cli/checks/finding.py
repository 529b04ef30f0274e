"""The values of `fimls doctor`: what a check is, what it is given, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from fimls.cli.checks.choice import Choice
    from fimls.cli.checks.servers import Answer
    from fimls.errors import ModelError
    from fimls.models.catalogue import Entry
    from fimls.settings import Settings


class Group(StrEnum):
    """What the checks are about; the value is the heading, and the order is that of the report."""

    MACHINE = "this machine"
    SETTINGS = "settings"
    MODELS = "models"
    EDITORS = "editors"
    COMPLETION = "a real completion"


class Grade(StrEnum):
    """How a thing stands, from well to ill.

    `note` is nothing wrong, but something could be had; `warn` keeps something from being as it
    should, `fail` keeps what was asked for from working.
    """

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that is not as it is by default: `value` as it may be shown, `origin` who says it.

    `origin` is a file, a variable or `--set`.
    """

    key: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checks are given.

    What several of them need to know is asked for once, at the same time: `server` is what the
    server of the settings says of itself, None where the settings want none; `entries` are the
    models that can be used; `choice` is those that would be.
    """

    settings: Settings
    problems: tuple[str, ...]
    changed: tuple[Changed, ...]
    environ: Mapping[str, str]
    server: asyncio.Task[Answer | ModelError | None]
    entries: asyncio.Task[list[Entry]]
    choice: asyncio.Task[Choice]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text that belong under a finding, with a head over each column ("" for none)."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: how it stands, what is there, and what to do where it is not well.

    `figures` has what was measured or counted, for machines; `table` the same for people where
    that is more than a line.
    """

    grade: Grade
    found: str
    fix: str | None = None
    figures: Mapping[str, object] = field(default_factory=dict)
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A thing to look at: its name, why it matters, and how to look.

    What does not concern this user is found to be None, and not told.
    """

    group: Group
    name: str
    why: str
    look: Callable[[Situation], Awaitable[Finding | None]]


@dataclass(frozen=True, slots=True)
class Row:
    """A check and what it found, as it is told."""

    group: Group
    name: str
    why: str
    finding: Finding


def as_json(row: Row) -> dict[str, object]:
    """A row for machines; these fields are always there."""
    return {
        "name": row.name,
        "group": row.group.value,
        "state": row.finding.grade.value,
        "found": row.finding.found,
        "why": row.why,
        "fix": row.finding.fix,
        "figures": dict(row.finding.figures),
    }


def short(path: Path) -> str:
    """A path as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def counted(number: int, noun: str) -> str:
    """`1 model`, `2 models`, `no models`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def size(number_of_bytes: int) -> str:
    """A size as people read it, in powers of 1000 as Ollama and file managers have it."""
    value, units = float(number_of_bytes), ["B", "kB", "MB", "GB", "TB"]
    while value >= _KILO and len(units) > 1:
        value, units = value / _KILO, units[1:]
    digits = 1 if units[0] != "B" and value < _TWO_DIGITS else 0
    return f"{value:.{digits}f} {units[0]}"


_KILO = 1000

# From here on a decimal says nothing any more.
_TWO_DIGITS = 10

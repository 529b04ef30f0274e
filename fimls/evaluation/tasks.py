"""Tasks: holes whose true middle is known, in the format of HumanEval-Infilling.

That is one JSON object a line with `task_id`, `prompt` (what stands before the hole), `suffix` and
`canonical_solution` (the true middle), and for tasks that can be run `entry_point` and `test`
(Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the Middle").  Our own
tasks, in `data/`, add `language` and `kind`.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OWN: Final = "fimls' own tasks"
"""What the tasks that come with fimls are called in reports."""

_REQUIRED: Final = ("task_id", "prompt", "suffix", "canonical_solution")
_OPTIONAL: Final = {"language": "python", "kind": "", "entry_point": "", "test": ""}


@dataclass(frozen=True, slots=True)
class Task:
    """A hole, and the text that was there.

    `language` is a language id.  `kind` tells what sort of hole it is ("" where that is unknown).
    `test` defines `check(candidate)`, which is given what `entry_point` names; both are "" for a
    task that cannot be run.
    """

    name: str
    prefix: str
    suffix: str
    middle: str
    language: str = "python"
    kind: str = ""
    entry_point: str = ""
    test: str = ""


@dataclass(frozen=True, slots=True)
class TaskSet:
    """Tasks that are reported on together, and what they are called."""

    name: str
    tasks: tuple[Task, ...]


def sets(paths: Sequence[Path], count: int | None) -> list[TaskSet]:
    """A set for each file, our own where none is named; of each file the first `count` tasks.

    Raises `InputError` for a file that is none, and for a task that is there twice.
    """
    if not paths:
        return [TaskSet(OWN, tuple(own(count)))]
    found = [TaskSet(path.name, tuple(read(path, count))) for path in paths]
    names = [task.name for each in found for task in each.tasks]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"the task {twice} is there twice")
    return found


def own(count: int | None = None) -> list[Task]:
    """The tasks that come with fimls, by language; of each the first `count`."""
    files = (each for each in resources.files("fimls.evaluation").joinpath("data").iterdir())
    texts = {each.name: each.read_text(encoding="utf-8") for each in files}
    return [task for name in sorted(texts) for task in _tasks(texts[name], count)]


def read(path: Path, count: int | None = None) -> list[Task]:
    """The first tasks of a file of JSON lines, which may be packed with gzip; all without `count`.

    Raises `InputError` for a file that is none.
    """
    try:
        data = path.read_bytes()
        return _tasks((gzip.decompress(data) if path.suffix == ".gz" else data).decode(), count)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no file of tasks: {error}") from None


def _tasks(text: str, count: int | None) -> list[Task]:
    lines = (line for line in text.split("\n") if line)
    return [_task(json.loads(line)) for line in islice(lines, count)]


def _task(row: dict[str, object]) -> Task:
    fields = [row[name] for name in _REQUIRED]
    fields += [row.get(name) or default for name, default in _OPTIONAL.items()]
    texts = [field for field in fields if isinstance(field, str)]
    if len(texts) < len(fields):
        raise TypeError("a field is no text")
    return Task(*texts)

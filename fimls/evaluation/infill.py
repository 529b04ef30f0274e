"""How good completions are: holes whose true middle is known, filled through the product's own way.

The tasks are in the format of HumanEval-Infilling (Bavarian et al. 2022, "Efficient Training of
Language Models to Fill in the Middle"): Python, one JSON object a line, with `prompt` (the prefix),
`suffix` and `canonical_solution` (the true middle), which is used for nothing but comparing.
"""

from __future__ import annotations

import ast
import gzip
import json
import warnings
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from fimls.completion.values import Ask, Completion
from fimls.documents.snapshot import Snapshot
from fimls.errors import InputError
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from fimls.completion.trace import Trace

    Traced = Callable[[Ask], Awaitable[Trace]]


@dataclass(frozen=True, slots=True)
class Task:
    """A hole, and the text that was there."""

    name: str
    prefix: str
    suffix: str
    middle: str
    language: str = "python"


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a task: `text` is None where nothing was shown, for `skip`.

    `parses` tells whether the whole file is Python with the text in place; `is_exact`, whether the
    text is the true middle but for blanks at its ends.
    """

    task: str
    text: str | None
    skip: str | None
    parses: bool
    is_exact: bool
    time_ms: float


def read(path: Path, count: int) -> list[Task]:
    """The first tasks of a file of JSON lines, which may be packed with gzip.

    Raises `InputError` for a file that is none.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        return [_task(json.loads(line)) for line in text.split("\n")[:count] if line]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no file of tasks: {error}") from None


async def fill(
    tasks: Iterable[Task],
    traced: Traced,
    *,
    explicit: bool,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Filled]:
    """Fills each hole as the server would, asked by a key (`explicit`) or by itself."""
    filled: list[Filled] = []
    for number, task in enumerate(tasks, 1):
        filled.append(await _filled(task, traced, explicit=explicit))
        progress(number)
    return filled


def as_json(filled: Sequence[Filled]) -> dict[str, object]:
    """The counts, for machines and for the table."""
    shown = [each for each in filled if each.text is not None]
    return {
        "tasks": len(filled),
        "answered": len(shown),
        "parse_in_place": sum(each.parses for each in shown),
        "exact": sum(each.is_exact for each in shown),
        "p50_ms": round(median(each.time_ms for each in filled), 1) if filled else None,
        "skips": dict(_counts(each.skip for each in filled if each.skip is not None)),
    }


def _task(row: dict[str, str]) -> Task:
    return Task(row["task_id"], row["prompt"], row["suffix"], row["canonical_solution"])


async def _filled(task: Task, traced: Traced, *, explicit: bool) -> Filled:
    snap = Snapshot(
        uri=f"untitled:{task.name}.py",
        version=0,
        language=language_of("python"),
        path=f"{task.name}.py",
        source=task.prefix + task.suffix,
    )
    trace = await traced(Ask(snap, snap.hole_at(len(task.prefix)), explicit=explicit))
    answer, spent_ms = trace.answer, sum(trace.stages_ms.values())
    if not isinstance(answer, Completion):
        return Filled(task.name, None, str(answer), False, False, spent_ms)
    whole = snap.text[: answer.start] + answer.text + snap.text[answer.end :]
    is_exact = answer.text.strip() == task.middle.strip()
    return Filled(task.name, answer.text, None, _is_python(whole), is_exact, spent_ms)


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            # What the compiler warns of is Python all the same.
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _counts(reasons: Iterable[str]) -> Iterator[tuple[str, int]]:
    listed = sorted(reasons)
    for reason in dict.fromkeys(listed):
        yield reason, listed.count(reason)

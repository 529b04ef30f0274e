"""How good completions are: holes whose true middle is known, filled through the product's own way.

The true middle is used for nothing but comparing; its length is told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from fimls.completion.values import Ask, Completion, Overtaken, Reason, Skip
from fimls.documents.snapshot import Snapshot
from fimls.errors import Unreachable
from fimls.evaluation.parsing import parses
from fimls.evaluation.tasks import Task, TaskSet, read, sets
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fimls.completion.trace import Trace
    from fimls.completion.values import Answer
    from fimls.evaluation.ledger import Ledger

    Traced = Callable[[Ask], Awaitable[Trace]]
    Passes = Callable[[Task, str], Awaitable[bool | None]]

__all__ = ["Filled", "Task", "TaskSet", "Way", "fill", "read", "sets"]


class Way(StrEnum):
    """How a completion is asked for."""

    EXPLICIT = "explicit"
    AUTOMATIC = "automatic"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a task: `text` is None where nothing was shown, for `skip`.

    The text stands in place of `start` to `end` (offsets in the file without it).  `parses` tells
    whether the whole file parses with the text in place, `is_exact` whether it is the true middle
    but for blanks around it, `passes` whether the file passes the task's test; None where that was
    not asked or cannot be told.  `time_ms` is all that the answer took.  `failed`: the model gave
    no answer, which says nothing about it.
    """

    task: str
    way: Way
    language: str
    text: str | None
    skip: str | None
    start: int
    end: int
    parses: bool | None
    is_exact: bool
    time_ms: float
    model: str | None = None
    passes: bool | None = None
    failed: bool = False


async def fill(
    tasks: Sequence[Task],
    traced: Traced,
    way: Way,
    *,
    ledger: Ledger,
    passes: Passes | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Filled]:
    """Fills each hole as the server would, asked by a key or by itself.

    What the ledger has is not asked again; with `passes`, what has not been run yet is run.
    Raises `Unreachable` where there is no model to ask.
    """
    filled: list[Filled] = []
    for number, task in enumerate(tasks, 1):
        known = ledger.find(way, task.name)
        found = known or await _asked(task, traced, way)
        if passes is not None and found.passes is None and found.text is not None:
            found = replace(found, passes=await passes(task, _whole(task, found)))
        if found != known and not found.failed:
            ledger.add(found)
        filled.append(found)
        progress(number)
    return filled


# These say nothing about the product, and are asked again when a run is resumed.
_FAILURES = frozenset({Reason.MODEL_FAILED, Reason.BUSY})


async def _asked(task: Task, traced: Traced, way: Way) -> Filled:
    language = language_of(task.language)
    path = f"{task.name}{language.extensions[0] if language.extensions else ''}"
    text, at = task.prefix + task.suffix, len(task.prefix)
    snap = Snapshot(uri=f"untitled:{path}", version=0, language=language, path=path, source=text)
    trace = await traced(Ask(snap, snap.hole_at(at), explicit=way is Way.EXPLICIT))
    answer = trace.answer
    if isinstance(answer, Skip) and answer.reason is Reason.NO_MODEL:
        raise Unreachable(str(answer))
    shown = answer.text if isinstance(answer, Completion) else None
    start, end = (answer.start, answer.end) if isinstance(answer, Completion) else (at, at)
    found = Filled(
        task=task.name,
        way=way,
        language=task.language,
        text=shown,
        skip=None if shown is not None else _reason(answer),
        start=start,
        end=end,
        parses=None,
        is_exact=shown is not None and _is_exact(task, shown, text[end:]),
        time_ms=round(sum(trace.stages_ms.values()), 1),
        model=trace.model,
        failed=not isinstance(answer, Completion | Skip) or _is_failure(answer),
    )
    return found if shown is None else replace(found, parses=_parses(task, found))


def _reason(answer: Answer) -> str:
    return "overtaken" if isinstance(answer, Overtaken) else str(answer)


def _is_failure(answer: Answer) -> bool:
    return isinstance(answer, Skip) and answer.reason in _FAILURES


def _is_exact(task: Task, text: str, rest: str) -> bool:
    """Whether the file is what it was; what was replaced after the hole is a part of the text."""
    return text.strip() == task.middle.strip() or text + rest == task.middle + task.suffix


def _parses(task: Task, found: Filled) -> bool | None:
    return parses(_whole(task, found), task.language)


def _whole(task: Task, found: Filled) -> str:
    text = task.prefix + task.suffix
    return text[: found.start] + (found.text or "") + text[found.end :]

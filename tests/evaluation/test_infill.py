"""How good completions are: counted against known middles, which nothing else sees."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from fimls.completion.trace import Trace
from fimls.completion.values import Answer, Ask, Completion, Reason, Skip
from fimls.errors import InputError
from fimls.evaluation.infill import Task, as_json, fill, read

if TYPE_CHECKING:
    from pathlib import Path

TASK = Task("t/1", "def f(a):\n", "", "    return a\n")


def saying(text: str | None) -> object:
    """A product that gives this text for every hole, or nothing."""

    async def traced(ask: Ask) -> Trace:
        at = ask.hole.offset
        answer: Answer = Skip(Reason.EMPTY) if text is None else Completion(text, at, at)
        return Trace(ask, answer, {"listen": 10.0})

    return traced


@pytest.mark.parametrize(
    ("text", "answered", "parse", "exact"),
    [
        # The true middle, but for blanks at its end.
        ("    return a", 1, 1, 1),
        # Something else that is Python.
        ("    return 1", 1, 1, 0),
        # Something that is not.
        ("    return (", 1, 0, 0),
        # Nothing.
        (None, 0, 0, 0),
    ],
)
async def test_counts(text: str | None, answered: int, parse: int, exact: int) -> None:
    filled = await fill([TASK], saying(text), explicit=True)  # type: ignore[arg-type]

    row = as_json(filled)

    assert (row["answered"], row["parse_in_place"], row["exact"]) == (answered, parse, exact)
    assert row["p50_ms"] == 10.0


@pytest.mark.parametrize("packed", [False, True])
def test_reading(tmp_path: Path, packed: bool) -> None:
    row = {"task_id": "t/1", "prompt": "a", "suffix": "b", "canonical_solution": "c", "test": ""}
    data = "\n".join([json.dumps(row)] * 3).encode()
    path = tmp_path / ("tasks.jsonl.gz" if packed else "tasks.jsonl")
    path.write_bytes(gzip.compress(data) if packed else data)

    assert read(path, 2) == [Task("t/1", "a", "b", "c")] * 2


@pytest.mark.parametrize("text", ["{", "[1]", '{"prompt": "a"}'])
def test_what_is_no_file_of_tasks(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(text)

    with pytest.raises(InputError, match="no file of tasks"):
        read(path, 2)

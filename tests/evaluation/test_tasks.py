"""Tasks are read as they are, and our own are tasks: they parse, differ, and come back clean."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from fimls.errors import InputError
from fimls.evaluation.filters import measure
from fimls.evaluation.parsing import parses
from fimls.evaluation.spoiling import CLEAN, SPOILINGS
from fimls.evaluation.tasks import OWN, Task, own, read, sets

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"task_id": "t/1", "prompt": "a", "suffix": "b", "canonical_solution": "c"}


@pytest.mark.parametrize("packed", [False, True])
def test_reading(tmp_path: Path, packed: bool) -> None:
    data = "\n".join([json.dumps(ROW)] * 3).encode()
    path = tmp_path / ("tasks.jsonl.gz" if packed else "tasks.jsonl")
    path.write_bytes(gzip.compress(data) if packed else data)

    assert read(path, 2) == [Task("t/1", "a", "b", "c")] * 2
    assert len(read(path)) == 3


def test_all_fields(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    more = {"language": "go", "kind": "mid-line", "entry_point": "f", "test": "x", "else": 1}
    path.write_text(json.dumps(ROW | more))

    assert read(path) == [Task("t/1", "a", "b", "c", "go", "mid-line", "f", "x")]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        # Each line is an object.
        "[1]",
        # No suffix.
        '{"prompt": "a"}',
        # A middle that is no text.
        json.dumps(ROW | {"canonical_solution": 1}),
    ],
)
def test_what_is_no_file_of_tasks(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(text)

    with pytest.raises(InputError, match="no file of tasks"):
        read(path)


def test_a_packed_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode())[:-9])

    with pytest.raises(InputError, match="no file of tasks"):
        read(path)


def test_a_set_for_each_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(json.dumps(ROW | {"task_id": name}))

    found = sets([tmp_path / "one", tmp_path / "two"], None)

    assert [(each.name, len(each.tasks)) for each in found] == [("one", 1), ("two", 1)]
    with pytest.raises(InputError, match="task one is there twice"):
        sets([tmp_path / "one"] * 2, None)


def test_our_own_where_none_is_named() -> None:
    (found,) = sets([], None)
    assert found.name == OWN
    assert list(found.tasks) == own()
    # Of each language as many.
    assert set(Counter(task.language for task in own(2)).values()) == {2}


def test_own_tasks_are_many_and_of_many_kinds() -> None:
    tasks = own()
    assert len(tasks) >= 120
    assert len({task.language for task in tasks}) >= 8
    by_kind = Counter(task.kind for task in tasks)
    assert set(by_kind) == {"single-line", "multi-line", "mid-line"}
    assert min(by_kind.values()) >= 30


def test_own_tasks_differ() -> None:
    tasks = own()
    assert len({task.name for task in tasks}) == len(tasks)
    assert len({(task.prefix, task.suffix) for task in tasks}) == len(tasks)
    assert all(task.middle.strip() for task in tasks)


@pytest.mark.parametrize("task", own(), ids=lambda task: task.name)
def test_own_task_parses(task: Task) -> None:
    assert parses(task.prefix + task.middle + task.suffix, task.language)


@pytest.mark.parametrize("task", own(), ids=lambda task: task.name)
def test_own_task_is_of_its_kind(task: Task) -> None:
    begun, rest = task.prefix.rpartition("\n")[2], task.suffix.partition("\n")[0]
    within = "mid-line" if begun.strip() or rest.strip() else "single-line"
    assert task.kind == ("multi-line" if "\n" in task.middle else within)


def test_own_tasks_come_back_clean() -> None:
    for each in measure(own(), ablations=False, spoilings=SPOILINGS[:2]):
        assert each.spoiling in CLEAN
        assert each.restored_percent >= 98

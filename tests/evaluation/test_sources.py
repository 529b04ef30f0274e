"""Tasks from a directory of sources: the same for the same seed, and what a person would mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.cli.main import main
from fimls.errors import InputError
from fimls.evaluation.sources import from_sources

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = '''"""A module."""


def mean(values):
    """The mean of some numbers."""
    if not values:
        raise ValueError("no values")
    total = sum(values)
    return total / len(values)


def least(values):
    return min(values)
'''
GO = """package a

// Mean is the mean of some numbers.
func Mean(values []float64) float64 {
\tif len(values) == 0 {
\t\treturn 0
\t}
\ttotal := 0.0
\tfor _, value := range values {
\t\ttotal += value
\t}
\treturn total / float64(len(values))
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(6):
        (tmp_path / f"m{number}.py").write_text(PYTHON)
        (tmp_path / f"g{number}.go").write_text(GO)
    return tmp_path


def test_a_task_is_a_file_with_a_hole(root: Path) -> None:
    tasks = from_sources(root, 6).tasks

    assert len(tasks) == 12
    for task in tasks:
        whole = GO if task.language == "go" else PYTHON
        assert task.prefix + task.middle + task.suffix == whole
        assert task.middle.strip() == task.middle != ""


def test_each_kind_is_where_an_editor_has_its_cursor(root: Path) -> None:
    for task in from_sources(root, 6).tasks:
        before = task.prefix.rpartition("\n")[2]
        after = task.suffix.partition("\n")[0]
        if task.kind == "span":
            assert before.strip()
            assert "\n" not in task.middle
        else:
            assert not (before + after).strip()
            assert ("\n" in task.middle) == (task.kind == "block")


def test_the_seed_decides(root: Path) -> None:
    assert from_sources(root, 6, 1) == from_sources(root, 6, 1)
    assert from_sources(root, 6, 1) != from_sources(root, 6, 2)


def test_so_many_of_each_language(root: Path) -> None:
    tasks = from_sources(root, 2).tasks

    assert [task.language for task in tasks] == ["go", "go", "python", "python"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # It is not in order by itself, so what comes back cannot be told.
        ("a.py", f"def f(:\n{PYTHON}"),
        # Nobody has written a line like this.
        ("a.py", f"{PYTHON}\nx = '{'y' * 400}'\n"),
        # Too short to have lines around a hole.
        ("a.py", "x = 1\n"),
        # Too long to be parsed again and again.
        ("a.py", PYTHON * 200),
        # Hidden, as the files of tools are.
        (".a.py", PYTHON),
        # Prose, and what has no grammar.
        ("a.md", "# Title\n" * 20),
        ("a.kt", "fun f() {}\n" * 20),
    ],
)
def test_what_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(InputError, match="no sources"):
        from_sources(tmp_path)


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "filters", "--source", str(root), "--count", "1", "--seed", "3"]) == 0
    assert f"{root.name}: 2 tasks" in capsys.readouterr().out


def test_it_takes_no_file_of_tasks(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = root / "tasks.jsonl"

    assert main(["eval", "filters", "--source", str(root), "--data", str(data)]) != 0
    assert "takes no --data" in capsys.readouterr().err

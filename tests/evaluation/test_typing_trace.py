"""Traces: read, made of any file of code, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.errors import InputError
from fimls.evaluation import typing_trace as rhythm
from fimls.evaluation.typing_floor import floors
from fimls.evaluation.typing_model import Manner, says
from fimls.evaluation.typing_steps import Act, steps
from fimls.evaluation.typing_trace import Trace, bundled, holed, read, write

if TYPE_CHECKING:
    from pathlib import Path

LINES = "".join(f"    value_{number} = {number} + 1\n" for number in range(200))
TEXT = f"def f():\n{LINES}"


@pytest.fixture
def code(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(TEXT, encoding="utf-8")
    return path


def check_hole(trace: Trace) -> None:
    """Nothing is lost, the hole begins where a line's text does, and there is enough to type."""
    assert trace.before + trace.middle + trace.after == TEXT
    assert trace.before.rpartition("\n")[2].strip() == ""
    assert trace.middle[0].strip()
    assert rhythm.MIDDLE_CHARS <= len(trace.middle) < rhythm.MIDDLE_CHARS + 40
    assert sum(step.act in (Act.KEY, Act.BACK) for step in steps(trace)) == rhythm.KEYS


def test_a_file_of_code(code: Path) -> None:
    trace = read(code)
    assert (trace.path, trace.language) == ("module.py", "python")
    check_hole(trace)
    assert abs(len(trace.before) - len(TEXT) // 2) < 40


@pytest.mark.parametrize("line", [1, 2, 57])
def test_a_line_of_it(code: Path, line: int) -> None:
    trace = read(code, line)
    check_hole(trace)
    assert trace.before.count("\n") == line - 1


def test_windows_line_ends(code: Path) -> None:
    code.write_bytes(TEXT.replace("\n", "\r\n").encode())
    check_hole(read(code))


def test_a_trace_is_kept(code: Path, tmp_path: Path) -> None:
    trace, path = read(code, 57), tmp_path / "kept.json"
    write(trace, path)
    assert read(path) == trace


def test_any_trace_is_scored(code: Path) -> None:
    for trace in (read(code), bundled()):
        assert [len(floor.pauses_s) for floor in floors(trace)] == [6, 6, 6]
        assert says(trace.before, trace, Manner.TRUE) == trace.middle[:256]


def test_a_file_that_is_short() -> None:
    trace = holed(Trace("a.py", "python", "a = 1\nb = 2\n", "", ""), 6)
    assert (trace.before, trace.middle, trace.after) == ("a = 1\n", "b = 2\n", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # Not there.
        ("nowhere.py", None),
        ("nowhere.json", None),
        # Nothing in it, or nothing that could be read.
        ("empty.py", b""),
        ("blank.py", b"\n \n"),
        ("binary.py", b"\xff\xfe\x00"),
        # No trace.
        ("list.json", b"[]"),
        ("part.json", b'{"path": "a.py"}'),
        ("no.json", b"no"),
    ],
)
def test_what_is_no_trace(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=name):
        read(path)


@pytest.mark.parametrize("line", [0, -3, 300])
def test_a_line_that_is_not_there(code: Path, line: int) -> None:
    with pytest.raises(InputError, match="no line"):
        read(code, line)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="written"):
        write(bundled(), tmp_path / "nowhere" / "kept.json")

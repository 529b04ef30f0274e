"""A long run is taken up where it ended, however it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.errors import InputError
from fimls.evaluation.infill import Filled, Way
from fimls.evaluation.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

FOUND = Filled("t/1", Way.EXPLICIT, "python", "a█\n", None, 3, 4, True, False, 12.5, "m")


def test_what_was_found_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    Ledger(path).add(FOUND)
    again = Ledger(path)
    assert again.find(Way.EXPLICIT, "t/1") == FOUND
    assert again.find(Way.RAW, "t/1") is None
    assert again.find(Way.EXPLICIT, "t/2") is None


def test_a_line_a_task(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    ledger = Ledger(path)
    ledger.add(FOUND)
    ledger.add(replace(FOUND, task="t/2"))
    assert path.read_text().count("\n") == 2


def test_the_last_line_about_a_task_counts(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    for passes in (None, True):
        Ledger(path).add(replace(FOUND, passes=passes))
    found = Ledger(path).find(Way.EXPLICIT, "t/1")
    assert found is not None
    assert found.passes is True


def test_a_line_that_was_being_written(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    Ledger(path).add(FOUND)
    with path.open("a") as file:
        file.write('{"task": "t/2", "wa')
    ledger = Ledger(path)
    assert ledger.find(Way.EXPLICIT, "t/2") is None
    # The next line begins where that one did.
    ledger.add(replace(FOUND, task="t/3"))
    assert Ledger(path).find(Way.EXPLICIT, "t/3") is not None


def test_another_model_is_another_run(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "out.jsonl")
    ledger.add(FOUND)
    with pytest.raises(InputError, match="is about m, and this is other"):
        ledger.add(replace(FOUND, task="t/2", model="other"))


@pytest.mark.parametrize("text", ["{}\n", "[\n", '{"way": "upwards"}\n', "1\n"])
def test_what_is_no_ledger(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match="no list of answers"):
        Ledger(path)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        Ledger(tmp_path / "nowhere" / "out.jsonl").add(FOUND)

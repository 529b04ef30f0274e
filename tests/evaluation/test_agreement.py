"""The fragment's verdicts beside those of the whole, on a few tasks of each language."""

from __future__ import annotations

import pytest

from fimls.evaluation.agreement import (
    TARGET_AGREEMENT_PERCENT,
    TARGET_UNKNOWN_PERCENT,
    Agreement,
    Tally,
    as_json,
    measure,
)
from fimls.evaluation.tasks import Task, own
from fimls.evaluation.volume import languages

FUNCTION = '''def mean(values):
    """The mean of some values."""
    total = 0
    for value in values:
        total += value
    return total / max(1, len(values))
'''


def task(name: str, middle: str, text: str = FUNCTION, language: str = "python") -> Task:
    prefix, _, suffix = text.partition(middle)
    return Task(name, prefix, suffix, middle, language)


TASKS = [
    task("line", "    total = 0\n"),
    task("loop", "for value in values:\n        total += value"),
    task("call", "max(1, len(values))"),
    task("doc", '"""The mean of some values."""'),
]


def test_they_agree() -> None:
    agreement = measure(TASKS)
    assert agreement.percent == 100
    assert agreement.unknown_percent == 0
    true = [each for each in agreement.tallies if each.kind == "true"]
    assert [each.state for each in true] == ["as it is", "broken above", "broken below"]
    for each in true:
        # What the author has typed fits, also where the document is at fault elsewhere.
        assert (each.texts, each.fitting, each.unknown) == (4, 4, 0)


def test_they_agree_in_all_languages() -> None:
    """Two files of each; `eval filters` asks about all."""
    tasks = [each for name in languages() for each in tasks_in(name)]
    agreement = measure(tasks)
    assert len({each.language for each in tasks}) == 13
    assert agreement.percent >= TARGET_AGREEMENT_PERCENT
    assert agreement.unknown_percent <= TARGET_UNKNOWN_PERCENT


def tasks_in(language: str) -> list[Task]:
    return [each for each in own() if each.language == language][:2]


def test_the_same_each_time() -> None:
    assert as_json(measure(TASKS)) == as_json(measure(TASKS))


@pytest.mark.parametrize(
    "left_out",
    [
        # There is no grammar.
        task("cobol", "DISPLAY", "DISPLAY 'a'.\n", "cobol"),
        # Nothing is missing.
        Task("blank", "x = 1\n", "y = 2\n", "\n"),
        # It is no code even with the true middle.
        Task("broken", "x = (\n", "y = 2\n", "1"),
    ],
)
def test_what_is_left_out(left_out: Task) -> None:
    assert measure([left_out]).tallies == ()


def test_progress() -> None:
    told: list[int] = []
    measure(TASKS, told.append)
    assert told == [1, 2, 3, 4]


def test_shares() -> None:
    agreement = Agreement(
        (
            Tally("true", "as it is", texts=10, unknown=2, strict=1, fitting=10, unknown_fitting=2),
            Tally("cut short", "as it is", texts=10, lenient=1, fitting=0),
        )
    )
    assert agreement.percent == pytest.approx(100 * 16 / 18)
    assert agreement.unknown_percent == 20
    assert Agreement(()).percent == 0


def test_for_machines() -> None:
    row = as_json(measure(TASKS[:1]))
    assert row["agreement_percent"] == 100
    assert row["unknown_of_fitting_percent"] == 0
    assert isinstance(row["tallies"], list)
    assert {"text", "document", "texts", "unknown", "lenient", "strict"} <= set(row["tallies"][0])

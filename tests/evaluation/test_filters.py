"""What comes back of spoilt middles is counted, by way of spoiling and by filter."""

from __future__ import annotations

import pytest

from fimls.evaluation.filters import Lost, Tally, as_json, languages, losses, measure
from fimls.evaluation.spoiling import SPOILINGS
from fimls.evaluation.tasks import Task

PYTHON = Task(
    "t/1",
    "def mean(values):\n    if not values:\n        return 0\n    total = sum(values)\n",
    "\n\ndef spread(values):\n    return max(values) - min(values)\n",
    "    return total / len(values)\n",
)
GO = Task(
    "t/2",
    "package a\n\nfunc mean(total int, n int) int {\n\t",
    "\n}\n",
    "return total / n",
    "go",
)
# Nothing can be done for it: an answer of blanks is never shown.
BLANK = Task("t/3", "x = 1\ny =", "2\n", " ")


def test_a_tally_for_each_way() -> None:
    tallies = measure([PYTHON, GO], ablations=False)
    assert [each.spoiling for each in tallies] == [each.name for each in SPOILINGS]
    assert {each.without for each in tallies} == {""}
    clean = tallies[0]
    assert (clean.tasks, clean.restored, clean.parsing, clean.lost) == (2, 2, 2, [])


def test_progress() -> None:
    done: list[int] = []
    measure([PYTHON, GO], ablations=False, spoilings=SPOILINGS[:1], progress=done.append)
    assert done == [1, 2]


def test_what_is_lost() -> None:
    (clean, *_) = measure([PYTHON, BLANK], ablations=False)
    assert (clean.tasks, clean.restored, clean.withheld) == (2, 1, 1)
    assert (clean.restored_percent, clean.withheld_percent) == (50.0, 50.0)
    (lost,) = clean.lost
    assert lost.task == BLANK
    assert lost.reason == "the model had nothing to say"


def test_each_filter_is_left_out_in_turn() -> None:
    names = ("clean", "run-on: function", "code fence")
    spoilings = [each for each in SPOILINGS if each.name in names]
    tallies = measure([PYTHON, GO], ablations=True, spoilings=spoilings)
    lost = losses(tallies)
    assert set(lost["code fence"]) == set(names)
    assert lost["code fence"]["clean"] == 0
    assert lost["code fence"]["code fence"] > 0
    assert lost["extent"]["run-on: function"] > 0
    assert lost["masks"] == dict.fromkeys(names, 0)


def test_languages() -> None:
    spoilings = [each for each in SPOILINGS if each.name in ("clean", "carriage returns")]
    found = languages(measure([PYTHON, GO, BLANK], ablations=False, spoilings=spoilings))
    told = [(name, clean.part, clean.whole, spoilt.whole) for name, clean, spoilt in found]
    assert told == [("go", 1, 1, 0), ("python", 1, 2, 1)]


def test_json() -> None:
    tally = Tally("loop", "extent", tasks=4, restored=3, parsed=4, parsing=2, withheld=1)
    tally.lost.append(Lost(PYTHON, "x", "", 0))
    assert as_json([tally]) == [
        {
            "spoiling": "loop",
            "without": "extent",
            "tasks": 4,
            "restored_percent": 75.0,
            "parsing_percent": 50.0,
            "withheld_percent": 25.0,
            "error": 21.7,
            "lost": ["t/1"],
        }
    ]


@pytest.mark.parametrize(
    ("lost", "picture"),
    [
        # What is shown stands where it would be shown, and nothing as a mere cursor.
        (Lost(GO, "said", "return n", 0), "func mean(total int, n int) int {\n\t├return n┤\n}\n"),
        (Lost(GO, "said", "", 0, "why"), "int {\n\t█\n}\n\nnothing is shown: why\nsaid: 'said'"),
        # What it replaces is marked.
        (Lost(Task("t", "f(", ")\n", "a"), "", "a)", 1), "t\nf(├a)┤)╣\n"),
    ],
)
def test_picture(lost: Lost, picture: str) -> None:
    assert picture in str(lost)
    assert str(lost).endswith(f"true: {lost.task.middle!r}")


def test_only_the_lines_around_are_drawn() -> None:
    far = Task("t", "".join(f"a{n} = 1\n" for n in range(30)), "b = 1\n" * 30, "c = 1\n")
    assert str(Lost(far, "", "", 0)).count("\n") < 18

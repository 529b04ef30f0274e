from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fimls.errors import InputError
from fimls.evaluation.typing_page import filled, tables

PAGE = "# Page\n\n<!-- typing -->\nold\n<!-- /typing -->\n\nEnd.\n"
ROOT = Path(__file__).resolve().parents[2]

HELD: dict[str, Any] = {"memory": 70_000_000, "tasks": ["serve"], "files": 9, "kept": {"Run": 2}}

FIGURES: dict[str, Any] = {
    "typing": {
        "main": {"a": {"cells": {"requests (per key)": "7 (0.05)", "reloads": "0"}}},
        "60 ms a key": {"a": {"cells": {"requests (per key)": "9 (0.06)"}}},
    },
    "round trip": {
        "figures": [
            {
                "what": "served",
                "requests": 60,
                "least_ms": 1.04,
                "p50_ms": 2.0,
                "p95_ms": 2.96,
                "target_p95_ms": 3.0,
            }
        ]
    },
    "endurance": {
        "before": HELD,
        # By a number where it has just been measured, by its text where it was read.
        "looks": {1000: HELD},
        "after": HELD,
        "growth_mb": 1.26,
        "most_growth_mb": 10.0,
        "unanswered": 0,
        "requests": 2000,
        "tasks_left": [],
    },
    "load": {"round trip": 7.5},
    "start-up": {
        "runs": 10,
        "bare_ms": {"median": 400.4, "least": 380.0},
        "fimls_ms": {"median": 440.0, "least": 400.0},
        "ratio": 1.1,
        "target_ratio": 1.3,
    },
}


def test_a_place_is_filled() -> None:
    page = filled(PAGE, "typing", "| new |")
    assert page == "# Page\n\n<!-- typing -->\n\n| new |\n\n<!-- /typing -->\n\nEnd.\n"
    assert filled(page, "typing", "| new |") == page


@pytest.mark.parametrize("page", ["", PAGE.replace("/typing", "/other")])
def test_a_page_without_the_place(page: str) -> None:
    with pytest.raises(InputError, match="no place for typing"):
        filled(page, "typing", "")


def test_what_is_not_measured_has_no_table() -> None:
    assert tables({}) == {}


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("typing", "| main | a | 7 (0.05) | – | – | – | – | – | – | – | – |"),
        ("reading", "| 60 ms a key | a | – | – | – | – | – | – | – | – | – | – | – |"),
        ("round trip", "| served | 60 | 1.0 ms | 2.0 ms | 3.0 ms | 3 ms |"),
        ("endurance", "| 1000 | 70.0 | 1 | 2 |"),
        ("start-up", "| fimls | 440 ms | 400 ms | 1.10 |"),
    ],
)
def test_a_row_of_each(name: str, row: str) -> None:
    lines = tables(FIGURES)[name].splitlines()
    assert row in lines
    assert lines[0].count("|") == lines[1].count("|") == row.count("|")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("round trip", True),
        # Not every system tells.
        ("start-up", False),
    ],
)
def test_how_busy_the_machine_was(name: str, said: bool) -> None:
    assert ("while 7.5 processes" in tables(FIGURES)[name]) is said


def test_the_page_has_a_place_for_each() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for name in tables(FIGURES):
        assert filled(page, name, "x") != page

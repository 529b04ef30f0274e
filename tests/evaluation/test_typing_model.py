"""The model of a trace finds its place in any prompt, and is as right as it is told to be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fimls.context.secrets import clear
from fimls.evaluation.typing_model import (
    MODEL,
    MOST_CHARS,
    Manner,
    fake,
    place_of,
    says,
    unknown_to,
    works,
)
from fimls.evaluation.typing_trace import Trace
from fimls.models.families import FAMILIES, family_of
from fimls.testing.ollama_request import Request, parse
from fimls.testing.runner import Served

BEFORE = "import os\nlimit = 3\n\n\nclass A:\n    def f(self):\n        "
MIDDLE = "one = self.a\n        two = self.b\n        return one + two"
TRACE = Trace("a.py", "python", BEFORE, MIDDLE, "\n\n    def g(self):\n        pass\n")
FAMILY = FAMILIES["codellama"]


def prompt(typed: str, *, suffix_first: bool = False, window: int = 10_000) -> str:
    render = FAMILY.spm if suffix_first else FAMILY.psm
    assert render is not None
    return render(clear((BEFORE + typed)[-window:]), clear(TRACE.after))


def test_the_model_is_of_the_family_whose_format_it_reads() -> None:
    assert family_of(MODEL) == FAMILY


@pytest.mark.parametrize("suffix_first", [False, True])
@pytest.mark.parametrize("window", [90, 10_000])
@pytest.mark.parametrize(
    ("typed", "at", "slip"),
    [
        # The begin, inside a word, after a blank, and at a line's end.
        ("", 0, 0),
        ("on", 2, 0),
        ("one = ", 6, 0),
        ("one = self.a", 12, 0),
        # In the indentation, as after Enter.
        ("one = self.a\n        ", 21, 0),
        # Wrong letters.
        ("onq", 2, 1),
        ("onqz", 2, 2),
    ],
)
def test_a_place(typed: str, at: int, slip: int, window: int, *, suffix_first: bool) -> None:
    found = place_of(prompt(typed, suffix_first=suffix_first, window=window), TRACE)
    assert (found.at, found.slip) == (at, slip)
    assert found.suffix == len(TRACE.after)
    assert found.prefix == min(window, len(BEFORE + typed))


def test_a_prompt_of_the_prefix_alone() -> None:
    assert place_of(BEFORE + "one", TRACE).at == 3


@pytest.mark.parametrize(
    ("prefix", "at"),
    [
        # A file that begins with the hole, and one in which little stands before it.
        ("", 0),
        ("o", 1),
        ("one = self.a", 12),
    ],
)
def test_a_place_near_the_beginning(prefix: str, at: int) -> None:
    trace = Trace("a.py", "python", "", MIDDLE, "")
    assert place_of(prefix, trace).at == at
    assert says(prefix, trace, Manner.TRUE) == MIDDLE[at:]


def test_a_place_that_is_none() -> None:
    assert place_of(prompt("three = four"), TRACE).at is None
    assert says(prompt("three = four"), TRACE, Manner.TRUE).strip()


def test_the_truth_goes_on_from_the_cursor() -> None:
    assert says(prompt("one"), TRACE, Manner.TRUE) == MIDDLE[3:]


def test_the_truth_is_bounded() -> None:
    long = Trace("a.py", "python", BEFORE, "a = 1\n" * 100, "")
    assert says(prompt(""), long, Manner.TRUE) == long.middle[:MOST_CHARS]


def test_after_a_slip_it_goes_on_from_before() -> None:
    assert says(prompt("onqz"), TRACE, Manner.TRUE) == MIDDLE[2:]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("one", " = self.a"),
        # At a line's end it is the next one.
        ("one = self.a", "\n        two = self.b"),
    ],
)
def test_right_for_one_line(typed: str, line: str) -> None:
    said = says(prompt(typed), TRACE, Manner.ONE_LINE)
    first, *wrong = said.removeprefix(line).split("\n")
    assert said.startswith(line)
    assert first == ""
    assert len(wrong) == 2
    assert not any(text in MIDDLE for text in wrong)


def test_endless_lines() -> None:
    said = says(prompt("one"), TRACE, Manner.ENDLESS)
    assert said.startswith(MIDDLE[3:] + "\n")
    assert said.count("\n") > 100


@pytest.mark.parametrize("version", ["0.24", "0.33"])
def test_the_versions_differ_in_what_they_keep_only(version: str) -> None:
    made = fake(TRACE, Manner.TRUE, version)
    assert made.scheduler.saves_prompts is (version == "0.33")
    assert made.scheduler.pace.notice_s == 1.0
    assert works(made, TRACE) == []


def served(prompt: str, *, cached: int = 0, read: int | None = None, written: str = "") -> Any:
    asked = parse("/api/generate", json.dumps({"model": MODEL, "prompt": prompt}).encode())
    assert isinstance(asked, Request)
    whole = len(prompt) - cached
    return Served(asked, cached=cached, read=whole if read is None else read, written=written)


@pytest.mark.parametrize(
    ("asked", "before", "since"),
    [
        # What was said belongs to what is known.
        ([served("abcdefgh", written="ij"), served("abcdefghijk")], [8, 1], [8, 1]),
        # Another document in between: only later versions have saved the first one.
        ([served("a" * 8), served("b" * 8), served("a" * 8 + "c")], [8, 8, 9], [8, 8, 1]),
        # What was not read to its end is not known, either.
        ([served("abcdefgh", read=4), served("abcdefgh")], [8, 4], [8, 4]),
    ],
)
def test_what_versions_of_ollama_would_have_to_read(
    asked: list[Any], before: list[int], since: list[int]
) -> None:
    assert unknown_to(asked, saves=False) == before
    assert unknown_to(asked, saves=True) == since

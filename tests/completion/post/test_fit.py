"""The whole way: what is heard, what is shown early, what is told."""

from __future__ import annotations

import pytest

from fimls.completion.post import FILTERS, fit
from fimls.completion.values import Extent, FilterStep, Fit, More, Reason, Skip
from fimls.testing.marks import marked
from tests.completion.post.checks import BLOCK, LINE, check_fit, site_of


def check_now(
    raw: str, expected: Fit | More | Skip, *, extent: object = BLOCK, language: str = "python"
) -> None:
    """Checks what is said of a text that still grows."""
    said = marked(raw)
    site = site_of(said, LINE if extent is LINE else BLOCK, language)

    assert fit(said.inserted, site, done=False) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # A line is shown when it has ended, and not before.
        ("x = ├foo┤\n", More()),
        ("x = ├foo\n┤\n", Fit("foo")),
        ("x = ├foo\nbar┤\n", Fit("foo")),
        # Blank lines are no line.
        ("x = 1\n├\n\n┤\n", More()),
        # A control token ends it at once.
        ("x = ├foo<EOT>┤\n", Fit("foo")),
        # Whether the prompt is repeated is not known yet.
        ("a = 1\nb = 2\n├a = 1\n┤\n", More()),
    ],
)
def test_a_line_while_it_grows(raw: str, expected: Fit | More) -> None:
    check_now(raw, expected, extent=LINE)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # The first line fits, and more may come.
        ("def f():\n    ├x = 1\n    ret┤\n", Fit("x = 1", whole=False)),
        # It stays with the first line.
        ("def f():\n    ├x = 1\n    y = 2\n┤\n", Fit("x = 1", whole=False)),
        # A header fits with its body only.
        ("def f():\n    ├if x:\n┤\n", More()),
        ("def f():\n    ├if x:\n        y()\n┤\n", Fit("if x:\n        y()", whole=False)),
        # The scope is left: what the model goes on to say counts no more.
        ("def f():\n    ├return 1\n\ndef g():\n┤\n", Fit("return 1")),
        # The document's next lines begin.
        ("def f():\n    ├x = 1\n    a()\n    b()\n┤\n    a()\n    b()\n", Fit("x = 1")),
        # It loops.
        ("def f():\n    ├a()\n    a()\n    a()\n┤\n", Fit("a()")),
    ],
)
def test_a_block_while_it_grows(raw: str, expected: Fit | More) -> None:
    check_now(raw, expected)


@pytest.mark.parametrize(
    ("extent", "raw", "expected"),
    [
        # A header is shown when its line has ended.
        (LINE, "f(){\n  ├if (x) {┤\n}\n", More()),
        (LINE, "f(){\n  ├if (x) {\n┤\n}\n", Fit("if (x) {", whole=False)),
        # It stays, and has its block when that has ended.
        (LINE, "f(){\n  ├if (x) {\n    y();\n┤\n}\n", Fit("if (x) {", whole=False)),
        (
            LINE,
            "f(){\n  ├if (x) {\n    y();\n  }\n┤\n}\n",
            Fit("if (x) {\n    y();\n  }"),
        ),
        # So it is where more is to be shown than a line.
        (BLOCK, "f(){\n  ├if (x) {\n    y();\n┤\n}\n", Fit("if (x) {", whole=False)),
        (
            BLOCK,
            "f(){\n  ├if (x) {\n    y();\n  }\n┤\n}\n",
            Fit("if (x) {\n    y();\n  }", whole=False),
        ),
        # What is not unfinished is all that there is of a line.
        (LINE, "f(){\n  ├y();\n  z();\n┤\n}\n", Fit("y();")),
    ],
)
def test_a_header_while_its_block_grows(extent: Extent, raw: str, expected: Fit | More) -> None:
    check_now(f"function {raw}", expected, extent=extent, language="javascript")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The last line of a run that was cut is not whole.
        ("def f():\n    ├x = 1\n    return x + ┤\n", "def f():\n    ├x = 1┤\n"),
        # It would parse, and still nobody knows how it goes on.
        ("def f():\n    ├x = 1\n    return x┤\n", "def f():\n    ├x = 1┤\n"),
        # Nothing is whole.
        ("x = ├foo(a, b┤\n", Reason.EMPTY),
        # A line that the model ended by a token is whole.
        ("x = ├foo(a)<EOT>┤\n", "x = ├foo(a)┤\n"),
    ],
)
def test_a_run_that_was_cut_shows_whole_lines(raw: str, shown: str | Reason) -> None:
    check_fit(raw, shown, cut=True)


@pytest.mark.parametrize("said", ["", "\n\n", "   ", "<EOT>", "```\n```\n"])
def test_nothing_to_say(said: str) -> None:
    # The model ends before it has said anything visible.
    check_fit(f"x = 1\n├{said}┤\n", Reason.EMPTY)


def test_what_was_shown_early_is_not_taken_back() -> None:
    # The text breaks in a place that no repair finds; its first line has been shown.
    broken = "".join(f"    {name}(\n" for name in "abcdefghijkl")
    check_fit(f"def f():\n    ├x = 1\n{broken}┤", "def f():\n    ├x = 1┤")


def test_each_filter_tells_what_it_did() -> None:
    said = marked("def f():\n    ├x = 1\r\n    return x<EOT>┤\n    return x\n")
    steps: list[FilterStep] = []

    fit(said.inserted, site_of(said, BLOCK, "python"), done=True, note=steps.append)

    assert [step.name for step in steps] == [each.name for each in FILTERS]
    assert {step.name for step in steps if step.before != step.after} == {
        "control tokens",
        "line ends",
        "following lines",
    }
    assert all(step.reason is None for step in steps)


def test_the_filter_that_drops_a_text_says_why() -> None:
    said = marked("def f(x):\n    ├return x┤\n    return x\n")
    steps: list[FilterStep] = []

    fit(said.inserted, site_of(said, LINE, "python"), done=True, note=steps.append)

    assert steps[-1] == FilterStep("following lines", "return x", "", Reason.REPEATS.value)

"""Who asks, what the user has set, and what the model can do."""

from __future__ import annotations

import pytest

from fimls.completion import shape
from fimls.completion.values import Extent, Reason, Shape, Skip
from fimls.text.hole import Hole
from fimls.text.languages import language_of
from tests.completion.shape.checks import BLOCK, LINE, decided


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # Whoever asks by a key gets a try, wherever the cursor stands.
        ("python", "pri█nt(x)\n"),
        ("python", "x = █foo()\n"),
        ("python", "x = (a█) + b\n"),
        ("python", "x = 'the █ of it'\n"),
        ("javascript", "const x = await█foo();\n"),
        # What stands first on its line is asked for before what follows on it.
        ("go", "x := █y\n"),
    ],
)
def test_an_explicit_request_always_tries(language: str, drawn: str) -> None:
    assert decided(drawn, language, explicit=True) == shape.LINE


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # On an empty line the model tells how much is due; who asks by a key waits for all of it.
        ("python", "a = 1\n█\nb = 2\n"),
        ("python", "def f():\n█    return x\n"),
        ("yaml", "a: 1\n█\n"),
        ("json", '{\n  "a": 1,\n  █\n}\n'),
        # In an empty document, too.
        ("python", "█"),
    ],
)
def test_an_explicit_request_on_an_empty_line_is_for_a_block(language: str, drawn: str) -> None:
    assert decided(drawn, language, explicit=True) == shape.BLOCK


@pytest.mark.parametrize(
    ("multiline", "single_line", "drawn", "expected"),
    [
        # `never` and a model for single lines have no blocks, not even after an opener.
        ("never", False, "def add(a, b):█\n", LINE),
        ("auto", True, "def add(a, b):█\n", LINE),
        # A model's limits weigh more than the setting.
        ("always", True, "def add(a, b):█\n", LINE),
        # `always` makes a block of what would be a line,
        ("always", False, "total = █\n", BLOCK),
        ("always", False, "def f():\n    a = 1\n    █\n    return a\n", BLOCK),
        # but not where it would come between brackets that stand on the cursor's line,
        ("always", False, "print(█)\n", LINE),
        # nor within a string or a comment.
        ("always", False, 'x = """a\nb █\n"""\n', LINE),
        ("always", False, "x = 1  # the█\n", LINE),
    ],
)
def test_the_setting_and_the_model(
    multiline: str,
    single_line: bool,
    drawn: str,
    expected: Extent,
) -> None:
    found = decided(drawn, "python", multiline=multiline, single_line=single_line)

    assert isinstance(found, Shape)
    assert found.extent == expected


def test_a_user_may_want_blocks_of_prose() -> None:
    assert decided("# Title\n\n█\n", "markdown", multiline="always") == shape.BLOCK


def test_a_notebook_cell_may_be_empty_below_others() -> None:
    hole = Hole("", 0, language_of("python"), preamble="import os\n")
    found = shape.decide(hole, None, explicit=False, multiline="auto", single_line=False)

    assert found == shape.BLOCK


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        # Half a megabyte of values, strings and tags before the cursor, and of tags behind it.
        ("x = [" + "1, " * 170_000 + "█", shape.LINE),
        ("x = [" + "'a', " * 100_000 + "█", shape.LINE),
        ("<a>" * 170_000 + "█" + "<a>" * 170_000, Skip(Reason.MID_LINE)),
        # A bracket opens its elements, however much is open already.
        ("{" * 500_000 + "█", shape.BLOCK),
    ],
    ids=["values", "strings", "tags", "braces"],
)
def test_a_huge_line_is_decided_too(drawn: str, expected: Shape | Skip) -> None:
    assert decided(drawn, "javascript", with_tree=False) == expected

"""Shape: skip, line or block, from the text around the cursor."""

from __future__ import annotations

import pytest

from fimls.completion import shape
from fimls.completion.values import Extent, Reason, Skip
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.hole import Hole
from fimls.text.languages import language_of

LINE = Extent.LINE
BLOCK = Extent.BLOCK


def check_shape(
    drawn: str,
    expected: Extent | Reason,
    *,
    language: str = "python",
    explicit: bool = False,
    multiline: str = "auto",
    single_line: bool = False,
) -> None:
    """Checks what is decided at the cursor of a picture."""
    said = marked(drawn)
    hole = Hole(said.text, said.offset, language_of(language))
    tree = parse(said.text, hole.language.grammar)
    decided = shape.decide(
        hole, tree, explicit=explicit, multiline=multiline, single_line=single_line
    )

    assert (decided.reason if isinstance(decided, Skip) else decided.extent) == expected


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        # There is nothing to go by.
        ("█", Reason.NOTHING_TYPED),
        ("\n  \n█\n", Reason.NOTHING_TYPED),
        # A completion would split the word.
        ("pri█nt(x)\n", Reason.INSIDE_WORD),
        # What is inserted before code runs into it.
        ("x = █foo()\n", Reason.MID_LINE),
        ("█    return x\n", Reason.MID_LINE),
        # An operand follows the closer.
        ("x = (a█) + b\n", Reason.MID_LINE),
    ],
)
def test_an_automatic_request_is_skipped(drawn: str, reason: Reason) -> None:
    check_shape(drawn, reason)


@pytest.mark.parametrize(
    "drawn",
    [
        # Whoever asks by a key gets a try, wherever the cursor stands.
        "pri█nt(x)\n",
        "x = █foo()\n",
        "█    return x\n",
        "x = (a█) + b\n",
    ],
)
def test_an_explicit_request_always_tries(drawn: str) -> None:
    check_shape(drawn, LINE, explicit=True)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # The rest of a line that is being typed.
        ("python", "total = █\n"),
        # After a statement, the next one.
        ("python", "a = 1\n█\n"),
        # The editor has closed the bracket: what is missing is an argument.
        ("python", "print(█)\n"),
        ("python", 'print("█")\n'),
        # A directive of the preprocessor is no comment.
        ("c", "#include <stdio.h>\n█\n"),
        # Punctuation that ends or opens something may stand behind the cursor.
        ("javascript", "foo(█);\n"),
        ("javascript", "if (█) {\n}\n"),
        ("python", "def f(█):\n    pass\n"),
        # A comment is gone on with, and so is a string, even behind a blank line.
        ("python", "x = 1  # the number of █\n"),
        ("python", 'def f():\n    """Adds two.\n\n    █\n    """\n'),
        # A colon in a comment opens nothing.
        ("python", "x = 1  # note:█\n"),
    ],
)
def test_line(language: str, drawn: str) -> None:
    check_shape(drawn, LINE, language=language)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # A body is missing, with the cursor behind the header or under it.
        ("python", "def add(a, b):█\n"),
        ("python", "def add(a, b):  # sums\n    █\n"),
        ("javascript", "function add(a, b) {█\n"),
        # The editor has closed the brace.
        ("javascript", "function add(a, b) {█}\n"),
        ("javascript", "const add = (a, b) => {\n  █\n}\n"),
        ("go", "func add(a int) int {\n\t█\n}\n"),
        ("ruby", "def add(a, b)\n  █\n"),
        ("lua", "for i = 1, 3 do\n  █\n"),
        # A bracket that is open at the line's end wants its elements.
        ("python", "call(\n    █\n"),
        ("yaml", "services:\n  █\n"),
        # Code is wanted below the comment that describes it.
        ("python", "# Sort the names by length.\n█\n"),
        ("rust", "/// Adds two numbers.\n█\n"),
        # After a blank line, something new begins.
        ("python", "import os\n\n█\n"),
    ],
)
def test_block(language: str, drawn: str) -> None:
    check_shape(drawn, BLOCK, language=language)


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
        # but not where it would come between brackets that stand on the cursor's line,
        ("always", False, "print(█)\n", LINE),
        # nor within a string.
        ("always", False, 'x = """a\nb █\n"""\n', LINE),
    ],
)
def test_the_setting_and_the_model(
    multiline: str,
    single_line: bool,
    drawn: str,
    expected: Extent,
) -> None:
    check_shape(drawn, expected, multiline=multiline, single_line=single_line)


def test_a_notebook_cell_may_be_empty_below_others() -> None:
    hole = Hole("", 0, language_of("python"), preamble="import os\n")
    decided = shape.decide(hole, None, explicit=False, multiline="auto", single_line=False)

    assert decided == shape.BLOCK

"""A text ends where it runs into the document's next lines."""

from __future__ import annotations

import pytest

from fimls.completion.values import Reason
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("language", "raw", "shown"),
    [
        # The model repeats the line that already follows the hole.
        (
            "python",
            "def add(a, b):\n    ├total = a + b\n    return total┤\n    return total\n",
            "def add(a, b):\n    ├total = a + b┤\n    return total\n",
        ),
        # It goes on with all that follows, with other blank lines between.
        (
            "python",
            "def f():\n    ├x = 1\n\n    y = 2\n    return x\n\n\n┤\n    y = 2\n\n    return x\n",
            "def f():\n    ├x = 1┤\n    y = 2\n\n    return x\n",
        ),
        # The closing brace is there already.
        (
            "javascript",
            "function f() {\n  ├return 1;\n}┤\n}\n",
            "function f() {\n  ├return 1;┤\n}\n",
        ),
        ("ruby", "def f\n  ├1 + 2\nend┤\nend\n", "def f\n  ├1 + 2┤\nend\n"),
        # The cursor stands before the line that is repeated: its indentation is kept.
        (
            "python",
            "def f():\n    ├x = 1\n    return x┤return x\n",
            "def f():\n    ├x = 1\n    ┤return x\n",
        ),
        (
            "python",
            "def f():\n├    x = 1\n    return x\n┤    return x\n",
            "def f():\n├    x = 1\n┤    return x\n",
        ),
    ],
)
def test_lines_that_follow_are_not_said_twice(language: str, raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK, language=language)


@pytest.mark.parametrize(
    "raw",
    [
        # All there is to say stands on the next line.
        "def f(x):\n    ├return x┤\n    return x\n",
        # The line that is begun would become the next one.
        "def f(x):\n    ret├urn x┤\n    return x\n",
    ],
)
def test_nothing_but_the_next_line_is_dropped(raw: str) -> None:
    check_fit(raw, Reason.REPEATS, extent=LINE)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # A line recurs, but the text goes on otherwise.
        ("python", "def f(x):\n    ├x.a()\n    x.b()\n    x.a()\n    x.c()┤\n    x.b()\n"),
        # A brace closes another block than the document's next one.
        ("c", "void f() {\n    ├if (x) {\n        g();\n    }┤\n}\n"),
        # The same words, but in another block.
        ("python", "def f(x):\n    ├if x:\n        return x┤\n    return x\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("following lines", clean, clean, language=language)

"""What stands before the cursor is not said again at the begin of the first line."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import BLOCK, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The cursor stands behind the indentation, and the model begins at the line's start.
        ("def f():\n    ├    return 1┤\n", "def f():\n    ├return 1┤\n"),
        # Where bodies are as deep as that, the next one as well.
        ("def f():\n  ├  a = 1┤\n  return a\n", "def f():\n  ├a = 1┤\n  return a\n"),
        # So in a body that is gone on with.
        ("def f(x):\n    x += 1\n    ├    y = 2┤\n", "def f(x):\n    x += 1\n    ├y = 2┤\n"),
        # Its other lines are right as they are.
        (
            "def f(x):\n    ├    if x:\n        return 1\n    return 2┤\n",
            "def f(x):\n    ├if x:\n        return 1\n    return 2┤\n",
        ),
        # A blank that is there already.
        ("x = ├ 1┤\n", "x = ├1┤\n"),
        ("def f(a, ├ b):┤\n    pass\n", "def f(a, ├b):┤\n    pass\n"),
    ],
)
def test_blanks_are_not_said_twice(raw: str, shown: str) -> None:
    check_filter("first line", raw, shown)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # The cursor stands in the middle of the indentation that the line needs.
        ("python", "class A:\n    def f(self):\n    ├    return 1┤\n"),
        # So it may below a header: the body's next line tells how deep that is.
        ("python", "def f(a):\n  ├  b = a┤\n    return b\n"),
        # Or the bodies of other headers do.
        ("python", "def f():\n    if a:\n        b()\n\n\ndef g():\n  ├  c()┤\n"),
        # A blank that is needed.
        ("python", "return├ 1┤\n"),
        # Blanks within a string or a comment are the author's.
        ("python", 'print("a ├ b┤")\n'),
        ("python", "# a ├ b┤\n"),
        # An alignment: more than one blank on either side.
        ("python", "x  ├ = 1┤\n"),
        ("python", "x = ├  1  # one┤\n"),
        # Within brackets each author has a style.
        ("python", "f(\n    ├    a,\n        b,\n    )┤\n"),
        # A deeper block is opened by the line above.
        ("javascript", "  if (x) {\n  ├  f();┤\n  }\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("first line", clean, clean, language=language)


def test_in_the_whole() -> None:
    check_fit("def f():\n    ├    return 1┤\n", "def f():\n    ├return 1┤\n", extent=BLOCK)

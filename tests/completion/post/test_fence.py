"""Code fences are not code."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The whole text is in a fence, and talk comes after it.
        (
            "def f():\n├```python\n    return 1\n```\nThis returns one.\n┤",
            "def f():\n├    return 1┤",
        ),
        # The fence is closed only: the model began in the code it was shown.
        ("def f():\n    ├return 1\n```\nThis returns one.\n┤", "def f():\n    ├return 1┤"),
        # Lines in a fence begin at the line's start, the cursor stands behind the indentation.
        ("def f():\n    ├```\n    return 1\n```\n┤", "def f():\n    ├return 1┤"),
    ],
)
def test_a_fence_is_dropped(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


def test_the_line_after_a_fence_is_the_first() -> None:
    check_fit("x = 1\n├```py\ny = 2\n```\n┤", "x = 1\n├y = 2┤", extent=LINE)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # A fence in a documentation string belongs to it.
        ("python", 'def f():\n    ├"""Runs.\n\n    ```\n    f()\n    ```\n    """\n    g()┤\n'),
        # In Markdown fences are what is written.
        ("markdown", "Run this:\n\n├```sh\nmake\n```\n\nThen go on.┤\n"),
        # Backticks within a line are code.
        ("javascript", "const a = ├`b`;┤\n"),
        ("shellscript", "x=├`date`┤\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("code fence", clean, clean, language=language)

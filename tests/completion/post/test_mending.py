"""What makes a broken place whole is left as it is, whatever lines and indentation would say."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import BLOCK, GRAMMAR, check_fit


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # Lines that lead up to the rest of the cursor's line.
        ("python", "def f(a):\n    for x in ├a:\n        print(x)\n    return ┤len(a)\n"),
        # They end within the indentation of the line's rest.
        ("python", "def f(a):\n    if a:\n        ├return 1\n    for b in a:\n    ┤    g(b)\n"),
        # They end with a call that the document closes.
        ("python", "def f(a):\n    x = g(├a)\n    return h(┤x)\n"),
        # The next line looks like what was said last, and belongs to another branch.
        (
            "python",
            "def f(x):\n    if x > 1:\n        ├return 0\n    if x == 1:┤\n        return 0\n",
        ),
        (
            "javascript",
            "function f(a) {\n  for (const x of ├a) {\n    g(x);\n  }\n  return ┤a[0];\n}\n",
        ),
    ],
)
def test_what_mends_is_settled(language: str, clean: str) -> None:
    check_fit(clean, clean, extent=BLOCK, language=language, by=(GRAMMAR,))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The document goes on with what was said last: the shorter text mends it as well.
        (
            "x = [\n├    1,\n]\ny = 2\nprint(x)┤y = 2\nprint(x)\n",
            "x = [\n├    1,\n]\n┤y = 2\nprint(x)\n",
        ),
    ],
)
def test_what_is_too_much_is_cut_all_the_same(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK, by=(GRAMMAR,))


def test_punctuation_after_the_cursor_is_nothing_to_lead_up_to() -> None:
    """An empty statement is in order for a parser."""
    raw, shown = "const x = ├foo();┤;\n", "const x = ├foo()┤;\n"

    check_fit(raw, shown, extent=BLOCK, language="javascript", by=(GRAMMAR,))

"""A text is indented as its document is."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import BLOCK, check_filter, check_fit

TABS = "def g(x):\n\tif x:\n\t\treturn 1\n\treturn 2\n\n"
TWO = "def g(x):\n  if x:\n    return 1\n  return 2\n\n"
FOUR = "def g(x):\n    if x:\n        return 1\n    return 2\n\n"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # Four blanks, two and eight for a tab: the first line tells.
        (f"{TABS}def f(x):├\n    if x:\n        y()┤\n", f"{TABS}def f(x):├\n\tif x:\n\t\ty()┤\n"),
        (f"{TABS}def f(x):├\n  if x:\n    y()┤\n", f"{TABS}def f(x):├\n\tif x:\n\t\ty()┤\n"),
        (
            f"{TABS}def f(x):├\n        if x:\n                y()┤\n",
            f"{TABS}def f(x):├\n\tif x:\n\t\ty()┤\n",
        ),
        # The first line itself, at the begin of the document's line.
        (f"{TABS}def f(x):\n├    return x┤\n", f"{TABS}def f(x):\n├\treturn x┤\n"),
        # The cursor stands behind the tab, and the blanks are that tab said again.
        (f"{TABS}def f(x):\n\t├    return x┤\n", f"{TABS}def f(x):\n\t├return x┤\n"),
        # A tab for four blanks.
        (
            f"{FOUR}def f(x):├\n\tif x:\n\t\ty()┤\n",
            f"{FOUR}def f(x):├\n    if x:\n        y()┤\n",
        ),
        # Four blanks for two, and two for four.
        (f"{TWO}def f(x):├\n    if x:\n        y()┤\n", f"{TWO}def f(x):├\n  if x:\n    y()┤\n"),
        (
            f"{FOUR}def f(x):├\n  if x:\n    y()┤\n",
            f"{FOUR}def f(x):├\n    if x:\n        y()┤\n",
        ),
    ],
)
def test_the_document_s_style(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


@pytest.mark.parametrize(
    "clean",
    [
        # The document's own style.
        f"{TABS}def f(x):├\n\tif x:\n\t\ty()┤\n",
        f"{TWO}def f(x):├\n  if x:\n    y()┤\n",
        # An argument below its bracket, and a string's lines.
        f"{FOUR}def f(x):\n    ├y = g(x,\n          1)\n    return y┤\n",
        f'{FOUR}def f(x):\n    ├y = """\n\ttab\n  two\n"""\n    return y┤\n',
        # Arguments by eight, so that they are not taken for the body.
        f"{FOUR}├def f(\n        x,\n):\n    return x┤\n",
        # A document that tells nothing.
        "├def f(x):\n  return x┤\n",
        "def f(x):├\n\treturn x┤\n",
        # One that is indented in both ways.
        "def f(x):\n    if x:\n\ty()\n├def g(x):\n  return x┤\n",
        # The hole is in a string.
        f'{FOUR}x = """\n├\ttab\n  two┤\n"""\n',
        # A body that its author has moved: eight blanks are two steps of four.
        f"{FOUR}├if x:\n        y()┤\n        z()\n",
    ],
)
def test_clean_in_clean_out(clean: str) -> None:
    check_filter("indentation style", clean, clean)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # An item that holds a mapping is two steps deep at once.
        ("yaml", "a:\n  b:\n    c: 1\nd:\n  ├- e:\n      f: 1┤\n"),
        # An item of an item is indented by the width of its number.
        ("markdown", "- a\n  - b\n  - c\n\n├1. d\n    e┤\n"),
    ],
)
def test_lists_are_left_alone(language: str, clean: str) -> None:
    check_filter("indentation style", clean, clean, language=language)

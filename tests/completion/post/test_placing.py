"""At the begin of a line a text is moved to where a statement may stand."""

from __future__ import annotations

import pytest

from fimls.completion.post import fit
from fimls.completion.values import More
from fimls.testing.marks import marked
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit, site_of


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The next line tells where the first one belongs: beside it, or above its body.
        (
            "def f(x):\n    y = 1\n├z = 2\n    t = 3\n┤    return z\n",
            "def f(x):\n    y = 1\n├    z = 2\n    t = 3\n┤    return z\n",
        ),
        (
            "def f(x):\n    for y in x:\n├if y:\n            g(y)\n┤    return x\n",
            "def f(x):\n    for y in x:\n├        if y:\n            g(y)\n┤    return x\n",
        ),
        # Both are at the left edge, so all of it is.
        (
            "def f(x):\n├y = 1\nreturn y\n┤",
            "def f(x):\n├    y = 1\n    return y┤",
        ),
        # Too deep after a statement that opens nothing; strings keep what they have.
        (
            'def f(x):\n    y = 1\n├        z = """\n  a\n"""\n        return z┤\n',
            'def f(x):\n    y = 1\n├    z = """\n  a\n"""\n    return z┤\n',
        ),
        # The end of a docstring is where its statement begins.
        (
            'def f(x):\n    """Adds."""\n├y = 1\n┤    return y\n',
            'def f(x):\n    """Adds."""\n├    y = 1\n┤    return y\n',
        ),
    ],
)
def test_a_text_is_moved(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


def test_a_line_is_placed_by_what_stands_around_it() -> None:
    check_fit(
        "def f(x):\n├y = 1\n┤    return y\n", "def f(x):\n├    y = 1\n┤    return y\n", extent=LINE
    )


def test_nothing_is_shown_before_the_second_line_is_known() -> None:
    site = site_of(marked("def f(x):\n    y = 1\n█\n    return y\n"), BLOCK, "python")

    assert fit("z = 2\n", site, done=False) == More()


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # What follows is the body of what the text defines.
        ("python", "import os\n\n\n├class A:\n┤    x = 1\n"),
        ("python", "x = 1\n├y = 2\n\n\ndef f():\n┤    return y\n"),
        # What follows is not in a body either.
        ("python", "def f(x):\n    return x\n├y = f(1)┤\n"),
        # The body is gone on with, or left.
        ("python", "def f(x):\n    for y in x:\n        g(y)\n├    return x┤\n"),
        # Arguments, and the lines of a string, stand anywhere.
        ("python", "f(\n    a,\n├b,\n┤    c,\n)\n"),
        ("python", 'x = """\n    a\n├b\n┤    c\n"""\n'),
        # The cursor is behind the indentation: that is the author's.
        ("python", "def f(x):\n    ├y = 1┤\n    return y\n"),
        # A comment may be anywhere.
        ("python", "def f(x):\n    y = 1\n├# a note\n┤    return y\n"),
        # Elsewhere indentation is a matter of taste.
        ("javascript", "function f() {\n├return 1;\n┤}\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("placing", clean, clean, language=language)

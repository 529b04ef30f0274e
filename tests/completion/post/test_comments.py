"""A comment that stands outside of what is around it is talk."""

from __future__ import annotations

import pytest

from fimls.completion.post.comments import ends_astray
from fimls.completion.post.draft import Draft
from fimls.testing.marks import marked
from tests.completion.post.checks import BLOCK, site_of


@pytest.mark.parametrize(
    ("language", "raw", "is_astray"),
    [
        # At the left edge of a body, alone and after a statement.
        ("python", "def f():\n    x = 1\n├# Example usage:\n┤    return x\n", True),
        ("python", "def f():\n    x = 1\n├    x += 1\n# Test┤\n    return x\n", True),
        # As deep as one of its neighbours.
        ("python", "def f():\n    x = 1\n├# Next comes g.┤\ndef g():\n", False),
        ("python", "def f():\n    x = 1\n├    # Twice.┤\n    return x\n", False),
        # The author has begun the line.
        ("python", "def f():\n    x = 1\n  ├# Two.┤\n    return x\n", False),
        # Nothing follows that it could be outside of.
        ("python", "def f():\n    x = 1\n├# The end.┤\n", False),
        # In a string everything is text.
        ("python", 'x = """\n    a\n├# b┤\n    c\n"""\n', False),
        ("python", 'def f():\n    x = 1\n├    y = """\n# b┤\n    return x\n', False),
        # Not a comment there: a directive.
        ("c", "int f() {\n    g();\n├#ifdef X┤\n    return 1;\n}\n", False),
    ],
)
def test_ends_astray(language: str, raw: str, is_astray: bool) -> None:
    said = marked(raw)

    assert ends_astray(Draft(said.inserted), site_of(said, BLOCK, language)) is is_astray

"""A line fits a torn place if it goes on from the lines above that."""

from __future__ import annotations

import pytest

from fimls.completion.post.draft import Draft
from fimls.completion.post.forward import goes_on, lacks_end
from fimls.testing.marks import marked
from tests.completion.post.checks import LINE, site_of


@pytest.mark.parametrize(
    ("language", "drawn", "fits"),
    [
        # An argument of a call whose end is not there; others follow.
        ("typescript", "f(\n  a,\n  ├b,┤\n}\n", True),
        # The last one, and the end of the statement.
        ("java", "class A {\n  void m() {\n    f(\n      a,\n      ├b┤\n  }\n}\n", True),
        ("typescript", "f(\n  a,\n  b\n├);┤\n  c\n);\n", True),
        # A parameter of a method whose body is not there.
        ("typescript", "class A {\n  m(\n    a: B,\n    ├b: C┤\n    d();\n  }\n}\n", True),
        # A header begins something here as anywhere.
        ("typescript", "class A {\n  ├async m(): Promise<void> {┤\n): x {\n}\n", True),
        ("rust", "fn f() {\n    ├match x {┤\n) -> u8 {\n}\n", True),
        # A comment begins, and ends.
        ("go", "package a\n\n├/* What follows.┤\n}\n", True),
        ("typescript", "/**\n * a\n ├*/┤\n}\n/** b */\n", True),
        # Nothing is open that this would close.
        ("typescript", "f();\n├);┤\n}\n", False),
        # No line above leads up to this.
        ("typescript", "f(\n  a,\n  ├return b;┤\n}\n", False),
        # Only a line: of a block the end tells nothing.
        ("typescript", "f(\n  a,\n  ├b,\n  c,┤\n}\n", False),
        # What follows on the line counts as well.
        ("typescript", "f(\n  a,\n  ├b,┤ c)\n}\n", False),
        # Where blocks end by indentation, that tells.
        ("python", "f(\n    a,\n    ├b,┤\n]\n", False),
        # There is no parser.
        ("kotlin", "f(\n    a,\n    ├b,┤\n}\n", False),
    ],
)
def test_going_on_from_above(language: str, drawn: str, fits: bool) -> None:
    said = marked(drawn)

    assert goes_on(Draft(said.inserted), site_of(said, LINE, language)) is fits


@pytest.mark.parametrize(
    ("language", "drawn", "lacks"),
    [
        # The next end is that of another comment.
        ("typescript", "/**\n * a\n █\nf();\n/** b */\n", True),
        ("typescript", "/**\n * a\n █\n */\nf();\n", False),
        # In code nothing is lacking.
        ("typescript", "f();\n█\n/** b */\n", False),
        # There are no such comments.
        ("python", "# a█\n", False),
    ],
)
def test_a_comment_that_lacks_its_end(language: str, drawn: str, lacks: bool) -> None:
    assert lacks_end(site_of(marked(drawn), LINE, language)) is lacks

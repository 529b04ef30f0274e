"""The lines that a place goes on from, whatever stands below it."""

from __future__ import annotations

import pytest

from fimls.syntax.effort import Effort
from fimls.syntax.forward import code_above, is_whole
from fimls.testing.marks import marked


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        # The headers of what it is in, and what stands before it.
        (
            "class A {\n  a() {}\n\n  b() {\n    f(\n      ├1,┤\n  }\n}\n",
            "class A {\n  a() {}\n  b() {\n    f(\n      1,",
        ),
        # At the left edge it is in nothing.
        ("f();\n├g();┤\n}\n", "f();\ng();"),
        # A comment begins where it does.
        ("/**\n * a\n ├*/┤\nf();\n", "/**\n * a\n */"),
    ],
)
def test_what_a_place_goes_on_from(drawn: str, code: str) -> None:
    said = marked(drawn)

    assert code_above(said.text, said.offset, said.inserted, "typescript") == code


def test_nothing_is_gone_on_from_in_a_line_that_nobody_has_written() -> None:
    assert code_above("x" * 9000, 9000, "y", "typescript") is None


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("f();\n", True),
        ("f(;\n", False),
        # It takes too long to tell.
        ("f();\n" * 2000, False),
    ],
)
def test_whether_code_is_in_order_by_itself(code: str, whole: bool) -> None:
    first, again = Effort(1000), Effort(1000)

    assert is_whole(code, "typescript", first) is whole
    assert is_whole(code, "typescript", again) is whole
    # What is remembered costs the same.
    assert first.left == again.left

"""Literals of grammars."""

from __future__ import annotations

import pytest

from fimls.models.gbnf import beginning_with


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("ret", "ret"),
        # The commonest case: a line end and an indentation.
        ("\n    ", "\\n    "),
        ("\t\r", "\\t\\r"),
        ('say "\\n', 'say \\"\\\\n'),
        ("größe", "größe"),
        ("\x00\x1b", "\\x00\\x1B"),
        # A line separator, and a character outside the first plane that cannot be printed.
        ("\u2028", "\\u2028"),
        ("\U000e0001", "\\U000E0001"),
        ("😀", "😀"),
    ],
)
def test_beginning_with(text: str, literal: str) -> None:
    assert beginning_with(text) == f'root ::= "{literal}" .*'


def test_one_of_several_starts_comes_then() -> None:
    assert beginning_with("\n", ("for ", 'say "')) == 'root ::= "\\n" ("for " | "say \\"") .*'

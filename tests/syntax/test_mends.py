"""What is still to be typed."""

from __future__ import annotations

import pytest

from fimls.syntax.brackets import closers_of
from fimls.syntax.mends import mends


@pytest.mark.parametrize(
    ("grammar", "code", "closers"),
    [
        # All of them, innermost first.
        ("python", "f([{", "}])"),
        ("python", "f(a)[", "]"),
        # Those in strings and comments do not count.
        ("python", "f('(', \"[\"  # {", ")"),
        ("javascript", "f(`(`, // [", ")"),
        # A mark of another language's comments is an operator here.
        ("python", "a // (", ")"),
        # An apostrophe that is no quote, and a closer of nothing.
        ("rust", "f(&'a x, ", ")"),
        ("python", ")]", ""),
    ],
)
def test_closers(grammar: str, code: str, closers: str) -> None:
    assert closers_of(code, grammar) == closers


@pytest.mark.parametrize(
    ("grammar", "begun", "mend"),
    [
        # The brackets, with a body, and with an operand before them.
        ("python", "x = f(a, [1", "])"),
        ("python", "def f(a", "):"),
        ("python", "x = f(a +", " x)"),
        # A body in braces, a statement's end, and blocks that end with words.
        ("java", "int f(int a", ") {}"),
        ("c", "f(a", ");"),
        ("lua", "if a", " then\nend"),
        ("bash", "while true", "; do\n:\ndone"),
    ],
)
def test_mends(grammar: str, begun: str, mend: str) -> None:
    assert mend in mends(begun, grammar)


def test_nothing_is_no_mend() -> None:
    assert "" not in mends("x = 1", "python")

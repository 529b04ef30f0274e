"""A line ends at its end, a block with the scope that it began in."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("x = ├1\ny = 2\n┤\n", "x = ├1┤\n"),
        # The line is full: the text goes on below it.
        ("def f():├\n    return 1\n\nf()\n┤\n", "def f():├\n    return 1┤\n"),
        # Before code, the line keeps its end, and the code its indentation.
        ("def f():\n    ├x = 1\n    y = 2\n┤return x\n", "def f():\n    ├x = 1\n    ┤return x\n"),
        ("def f():\n├    x = 1\n┤    return x\n", "def f():\n├    x = 1\n┤    return x\n"),
    ],
)
def test_a_line_ends_at_its_end(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=LINE)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # By itself the first line would fit nowhere.
        ("x = ├f(\n    1,\n)\ny = 2\n┤\n", "x = ├f(\n    1,\n)┤\n"),
        # It goes on behind the bracket that it closes.
        ("x = ├f(\n    1,\n).g(\n    2\n)\ny\n┤\n", "x = ├f(\n    1,\n).g(\n    2\n)┤\n"),
        # A bracket in a string or a comment is none.
        ("x = ├'('\ny = 2\n┤\n", "x = ├'('┤\n"),
        ("x = ├1  # (\ny = 2\n┤\n", "x = ├1  # (┤\n"),
        # A string over several lines is a part of the arguments that it is among.
        ('x = ├f(\n    """\n)\n    """,\n)\ny = 2\n┤\n', 'x = ├f(\n    """\n)\n    """,\n)┤\n'),
        # In a comment a line is a line.
        ("# see ├(a,\n# b)\n┤\nx = 1\n", "# see ├(a,┤\nx = 1\n"),
    ],
)
def test_a_line_ends_where_its_brackets_are_closed(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=LINE)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The function is done when the next one begins, even if all of it would parse.
        (
            "def f():├\n    return 1\n\n\ndef g():\n    return 2\n┤\n",
            "def f():├\n    return 1┤\n",
        ),
        # So it is when a test of it, or the main block, begins.
        (
            "├def f():\n    return 1\n\n\nassert f() == 1\n┤\n",
            "├def f():\n    return 1┤\n",
        ),
        (
            'def f():\n    ├return 1\n\n\nif __name__ == "__main__":\n    f()\n┤\n',
            "def f():\n    ├return 1┤\n",
        ),
        # A method is followed by its sibling,
        (
            "class A:\n    ├def a(self):\n        return 1\n\n    def b(self):\n        pass\n┤\n",
            "class A:\n    ├def a(self):\n        return 1┤\n",
        ),
        # which may begin with a decorator or a comment.
        (
            "class A:\n    ├x = 1\n    y = 2\n\n    @cached\n    def b(self):\n        pass\n┤\n",
            "class A:\n    ├x = 1\n    y = 2┤\n",
        ),
        # The block on whose header's line the cursor stands is left.
        (
            "def f(x):\n    if x:├\n        a()\n    b()\n┤\n    return x\n",
            "def f(x):\n    if x:├\n        a()┤\n    return x\n",
        ),
        # `else` belongs to it.
        (
            "if x:├\n    a()\nelse:\n    b()\nc()\n┤\n",
            "if x:├\n    a()\nelse:\n    b()┤\n",
        ),
        # The bracket is closed, and with it the statement is complete.
        (
            "x = foo(├\n    a,\n    b,\n)\ny = 1\n┤\n",
            "x = foo(├\n    a,\n    b,\n)┤\n",
        ),
        # A string may hold what it likes, at any indentation.
        (
            'def f():\n    ├x = """\ndef g():\n"""\n    return x\n\n\nf()\n┤\n',
            'def f():\n    ├x = """\ndef g():\n"""\n    return x┤\n',
        ),
        # So may a bracket.
        (
            "def f():\n    ├x = [\n1,\n    ]\n    return x\n\n\nf()\n┤\n",
            "def f():\n    ├x = [\n1,\n    ]\n    return x┤\n",
        ),
    ],
)
def test_a_block_ends_with_its_scope(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # A function within a function is followed by statements.
        ("python", "def f():\n    ├def g():\n        pass\n    g()\n    return g┤\n"),
        # Blocks are left and entered within the function.
        ("python", "def f():\n├    for x in y:\n        g(x)\n    return y\n┤\n"),
        # Statements of a script follow each other.
        ("python", "├a = 1\nb = 2\nprint(a, b)┤\n"),
        # Decorators and comments stand before the first definition.
        ("python", "├# Adds.\n@cache\ndef f():\n    pass┤\n"),
        # The brace on a line of its own, and the header over several lines.
        (
            "csharp",
            "class A\n{\n    ├public int B(\n        int c)\n    {\n        return c;\n    }┤\n}\n",
        ),
        ("typescript", "├export function f(\n  a: number,\n): number {\n  return a;\n}┤\n"),
        # Each part of a statement closes the one before.
        ("javascript", "function f() {\n  ├try {\n    a();\n  } catch (e) {\n    b();\n  }┤\n}\n"),
        ("shellscript", "├if a; then\n  b\nelse\n  c\nfi┤\n"),
        ("yaml", "├a:\n  b: 1\nc:\n  d: 2┤\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("extent", clean, clean, language=language)


def test_clean_line_in_clean_line_out() -> None:
    check_filter("extent", "x = ├1┤\n", "x = ├1┤\n", extent=LINE)

"""What a piece of a text begins and ends within."""

from __future__ import annotations

import pytest

from fimls.syntax.ends import Within, brackets_below, closer_below, conditions
from fimls.testing.marks import marked


@pytest.mark.parametrize(
    ("grammar", "picture", "opener"),
    [
        ("python", 'x = """a\n█b\n"""\n', '"""'),
        ("python", 'x = """a\nb\n"""\n█y\n', ""),
        ("python", "x = '''a\n█b\n'''\n", "'''"),
        ("go", "x := `a\n█b`\n", "`"),
        ("c", "/* a\n█b */\n", "/*"),
        ("c", "/* a */\n█b\n", ""),
        # A pattern of files begins no comment.
        ("javascript", "glob('src/**/*.js')\n█\n", ""),
        # A grammar with neither.
        ("json", "[\n█1]\n", ""),
    ],
)
def test_within(grammar: str, picture: str, opener: str) -> None:
    drawn = marked(picture)
    within = Within(drawn.text, len(drawn.text), grammar)
    assert within.at(drawn.offset) == opener


@pytest.mark.parametrize(
    ("grammar", "picture", "closer"),
    [
        # The rest of the text has its end.
        ("python", 'x = """a\nb█\nc\n"""\n', '"""'),
        ("c", "/* a\nb█\nc */\n", "*/"),
        # It has none, or the next one begins there.
        ("python", 'x = """a█\nb\n', ""),
        ("c", "/* a█\n/* b */\n", ""),
        # Nothing is open.
        ("python", 'x = 1█\ny = """a"""\n', ""),
    ],
)
def test_closer_below(grammar: str, picture: str, closer: str) -> None:
    drawn = marked(picture)
    code = drawn.text[: drawn.offset]
    assert closer_below(code, drawn.text, drawn.offset, grammar) == closer


@pytest.mark.parametrize(
    ("head", "rest", "closers"),
    [
        ("f(function () {\n", "g();\n", "})"),
        # What the rest leaves open is its own affair.
        ("{\n", "f(\n", "}"),
        ("{\n", "}\n", ""),
    ],
)
def test_brackets_below(head: str, rest: str, closers: str) -> None:
    assert brackets_below(head, rest, "javascript") == closers


@pytest.mark.parametrize(
    ("code", "ended", "begun"),
    [
        ("#if A\n#endif\n", 0, 0),
        ("#ifdef A\n# ifndef B\n", 0, 2),
        ("#endif\n", 1, 0),
        # What is between belongs to a begin above and an end below.
        ("#else\n", 1, 1),
        ("#else\n#endif\n#if A\n", 1, 1),
        ("x\n", 0, 0),
    ],
)
def test_conditions(code: str, ended: int, begun: int) -> None:
    assert conditions(code, "c") == (ended, begun)
    assert conditions(code, "python") == (0, 0)

"""The opening: how a line has to begin, told by the lines around it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from fimls.completion.opening import Opening, opening
from fimls.completion.post import Site
from fimls.completion.values import Extent, Shape
from fimls.documents.snapshot import Snapshot
from fimls.text.languages import language_of

LINE = Shape(Extent.LINE)

HEADERS = (
    *("for ", "if ", "while ", "with ", "def ", "class "),
    *("elif ", "else:", "try:", "except", "finally:"),
)


def check_opening(picture: str, expected: Opening | None, language: str = "python") -> None:
    before, after = dedent(picture).lstrip("\n").split("█")
    snap = Snapshot("file:///a", 1, language_of(language), "a", before + after)
    assert opening(Site(snap.hole_at(len(before)), snap.tree, LINE)) == expected


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        # The body goes on below: a text at the left edge would begin the next function.
        (
            """
            def f(a):
                \"\"\"Adds.\"\"\"
            █
                return a
            """,
            Opening("    "),
        ),
        # The docstring has several lines.
        ('def f(a):\n    r"""Adds.\n\n    Well.\n    """\n█\n    return a\n', Opening("    ")),
        # Before code, at the left edge, it is the line above that.
        ("def f(a):\n█    return a\n", Opening("    ")),
        # What the author has indented already is not asked for again.
        ("def f(a):\n  █\n    return a\n", Opening("  ")),
        ("def f(a):\n    █\n    return a\n", Opening("")),
        # Between two lines another branch may begin, of which the next one is the body.
        ("def f(a):\n    b = a\n█\n    return b\n", None),
        # What ends with quotes need not be a docstring.
        ('def f(a):\n    b = """\n    """\n█\n    return b\n', None),
        # A header stands above: its body is due, as deep as the lines of it that there are, or by
        # the usual step.
        ("def f(a):\n█\n  return a\n", Opening("  ")),
        ("class A:\n█\n\nx = 1\n", Opening("    ")),
        # The lines below are deeper than those above: a block has to be opened.
        ("def f(a):\n    b = a\n█\n        return b\n", Opening("    ", HEADERS)),
        # They are two steps deeper than the header above.
        ("def f(a):\n█\n        return a\n", Opening("    ", HEADERS)),
        # After a jump nothing at its level is reached but through another header.
        ("def f(a):\n    if a:\n        return 1\n█\n        return 2\n", Opening("    ", HEADERS)),
        # A name is used below that nothing gives a value to.
        (
            "def f(a):\n█\n    return b\n",
            Opening(
                "    ", ("b =", "b=", "b, ", "b: ", "for b in ", "for b, ")
            ),
        ),
        (
            "def f(a):\n█\n        print(b)\n",
            Opening("    ", ("for b in ", "for b, ", "with ", "except ")),
        ),
        # Comments tell nothing: they stand anywhere.
        ("def f(a):\n# well\n█\n    return a\n", Opening("    ")),
        # The block may end here, or go on.
        ("def f(a):\n    if a:\n        b = 1\n█\n    return a\n", None),
        ("def f(a):\n    return a\n█\n", None),
        # Nothing stands above.
        ("█\nx = 1\n", None),
        # Something stands on the line already.
        ("def f(a):\n    b█\n    return b\n", None),
        ("def f(a):\n  █  return b\n", None),
        # The cursor is deeper than the block that is due.
        ("def f(a):\n    b = a\n        █\n    return b\n", None),
        # Elements, and the end of what began further up, are indented at will.
        ("x = [\n    1,\n█\n    2,\n]\n", None),
        ("x = f(a,\n      b)\n█\n      y\n", None),
        # In a string lines begin at will.
        ('x = """\n  a\n█\n  b\n"""\n', None),
        # Tabs are left to the model.
        ("def f(a):\n\tb = a\n█\n\treturn b\n", None),
    ],
)  # fmt: skip
def test_python(picture: str, expected: Opening | None) -> None:
    check_opening(picture, expected)


@pytest.mark.parametrize(
    ("language", "picture", "expected"),
    [
        # Between two lines of a block.
        ("javascript", "f(() => {\n  a();\n█\n  b();\n});\n", Opening("  ")),
        # A brace is open, and its block goes on below, or ends there.
        ("go", "func f() {\n█\n    b()\n}\n", Opening("    ")),
        ("rust", "fn f() {\n█\n}\n", Opening("    ")),
        # What is deeper below may go on from the line above.
        ("javascript", "a\n█\n  .b();\n", None),
        # After a jump a case or a label may come.
        ("c", "  return 1;\n█\ncase 2:\n", None),
    ],
)
def test_other_languages(language: str, picture: str, expected: Opening | None) -> None:
    check_opening(picture, expected, language)

"""What is shown adds no fault to the document."""

from __future__ import annotations

import pytest

from fimls.completion.values import Reason
from tests.completion.post.checks import BLOCK, BOTH, GRAMMAR, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "by"),
    [
        # A bracket stays open.
        ("x = 1\n├y = foo(┤\n", BOTH),
        # What follows would become the body of another header, and leave it half way out.
        (
            "def f(x):\n    for y in x:\n├if x:\n┤        a()\n    b()\n",
            BOTH,
        ),
        # `else` would lose the statement that it belongs to.
        ("def f(x):\n    if x:\n        a()\n    ├b()┤\n    else:\n        c()\n", BOTH),
        # Nothing handles what is tried.
        ("def f(x):\n    ├try:┤\n        a()\n    b()\n", BOTH),
        # A word too many: only a parser sees that.
        ("def f(x):\n    ├return return x┤\n", (GRAMMAR,)),
        # Nothing opens a deeper block here, and it is not the cursor's indentation said again.
        ("def f(x):\n    x += 1\n    ├  y = 2┤\n", BOTH),
    ],
)
def test_what_breaks_is_dropped(raw: str, by: tuple[str, ...]) -> None:
    check_fit(raw, Reason.BREAKS_SYNTAX, extent=LINE, by=by)


@pytest.mark.parametrize(
    ("language", "raw", "shown"),
    [
        # A closer too many at the end.
        ("python", "x = ├foo(1))┤\n", "x = ├foo(1)┤\n"),
        # The last statement is not whole, those before are.
        (
            "python",
            "def f(x):\n    ├if x:\n        return 1\n    y = foo(\n┤",
            "def f(x):\n    ├if x:\n        return 1┤",
        ),
        (
            "javascript",
            "function f() {\n  ├a();\n  b(;\n┤\n}\n",
            "function f() {\n  ├a();┤\n}\n",
        ),
    ],
)
def test_what_breaks_is_cut_until_it_fits(language: str, raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK, language=language)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # The document lacked what the text brings.
        ("javascript", "function f() {├\n  return 1;\n}┤\n"),
        # A document that is broken elsewhere still gets completions.
        ("python", "def g(:\n    pass\n\n\ndef f():\n    ├return 1┤\n"),
        # The author has begun the header, and gets its end without the body.
        ("python", "def f(x):\n    for y in ├x:┤\n"),
        # Clauses find their statements, within the text and below it.
        ("python", "def f():\n    ├try:\n        a()\n    except E:\n        b()┤\n    c()\n"),
        ("python", "def f():\n    ├try:\n        a()┤\n    finally:\n        b()\n"),
        ("python", "if x:\n    ├if y:\n        a()┤\nelse:\n    b()\n"),
        # A dictionary is gone on with, at any indentation.
        ("python", "d = {\n      ├'a': 1,\n  'b': 2,┤\n}\n"),
        # Text in a string and in a comment is no code.
        ("python", 'def f():\n    """Adds ├(two┤.\n    """\n'),
        ("python", "x = 1  # ├see (there┤\n"),
        # A language without a grammar.
        ("kotlin", "fun f(): Int {\n    ├return g(1)┤\n}\n"),
        # A statement that the text ends before code on the same line.
        ("python", "def f():\n├    if x:\n┤        return x\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("syntax gate", clean, clean, language=language)


def test_a_header_is_wanted_as_a_line_and_not_as_a_block() -> None:
    header = "def f(x):\n    ├if x:┤\n    return x\n"

    check_fit(header, header, extent=LINE)
    check_fit(header, Reason.BREAKS_SYNTAX, extent=BLOCK)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The model stopped one bracket too early.
        ("x = ├foo(1, [2┤\n", "x = ├foo(1, [2])┤\n"),
        # One of the two is there, behind the cursor.
        ("print(├foo(1┤)\n", "print(├foo(1)┤)\n"),
        # What stands below the text's last line closes nothing in it.
        (
            "def f(x):\n├    y = g(x\n┤    return h(y)\n",
            "def f(x):\n├    y = g(x)\n┤    return h(y)\n",
        ),
        # Nobody knows what should stand in the call.
        ("def f(x):\n    return ├foo(1, ┤\n", Reason.BREAKS_SYNTAX),
    ],
)
def test_what_the_last_line_leaves_open_is_closed(raw: str, shown: str | Reason) -> None:
    check_fit(raw, shown, extent=LINE)

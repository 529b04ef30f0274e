"""The text and the rest of the cursor's line are joined by balance, not by the longest match."""

from __future__ import annotations

import pytest

from fimls.completion.values import Reason
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("language", "raw", "shown"),
    [
        # The bracket after the cursor closes the outer call, the text's own closes the inner one.
        ("python", "print(├foo(bar)┤)\n", "print(├foo(bar)┤)\n"),
        ("python", "d = {'a': ├{'b': 1}┤}\n", "d = {'a': ├{'b': 1}┤}\n"),
        # The closing bracket typed by the editor is not doubled.
        ("python", "print(├name)┤)\n", "print(├name┤)\n"),
        ("python", "print(├foo(bar))┤)\n", "print(├foo(bar)┤)\n"),
        ("python", "d = {'a': ├{'b': 1}}┤}\n", "d = {'a': ├{'b': 1}┤}\n"),
        ("python", "x = [├[1], [2]]┤]\n", "x = [├[1], [2]┤]\n"),
        # A quote closes what a quote opened.
        ("python", 's = "├hello"┤"\n', 's = "├hello┤"\n'),
        ("python", 's = "├hello┤"\n', 's = "├hello┤"\n'),
        ("python", 'print("├hello")┤")\n', 'print("├hello┤")\n'),
        # The pair that the editor closed is in the middle of what is to be said.
        ("python", 'print("├hello", end="")┤")\n', 'print("├hello", end="┤")\n'),
        # What comes after the closer needs it replaced.
        ("javascript", 'console.log(├"x");┤)\n', 'console.log(├"x");┤)╣\n'),
        ("python", "x = d[├'a'] = 3┤]\n", "x = d[├'a'] = 3┤]╣\n"),
        # Punctuation is not doubled.
        ("javascript", "const x = ├foo();┤;\n", "const x = ├foo()┤;\n"),
        ("javascript", "if (├x > 1) {┤) {\n}\n", "if (├x > 1┤) {\n}\n"),
        # The text goes on to the line's end, with a change on the way.
        ("python", "foo(├a, b, c)┤, b)\n", "foo(├a, b, c)┤, b)╣\n"),
        # A word is never cut, even where its end recurs.
        ("python", "foo(├mode=┤extra)\n", "foo(├mode=┤extra)\n"),
        # The operand is there already.
        ("python", "x = ├a + 1┤ + 1\n", "x = ├a┤ + 1\n"),
        # A bracket in a string is none.
        ("python", "print(├')'┤)\n", "print(├')'┤)\n"),
        # The call that was begun needs the text's closer and the line's.
        ("python", "foo(bar(├x)┤)\n", "foo(bar(├x)┤)\n"),
    ],
)
def test_same_line(language: str, raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=LINE, language=language)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The editor closed the brace on the line of the header.
        (
            "function f() {├\n  return 1;\n}┤}\n",
            "function f() {├\n  return 1;\n┤}\n",
        ),
        # Lines follow the rest of the header, which has to go into the text.
        (
            "if (├x > 1) {\n  foo();\n}┤) {\n}\n",
            "if (├x > 1) {\n  foo();┤) {╣\n}\n",
        ),
    ],
)
def test_blocks(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK, language="javascript")


def test_nothing_but_the_rest_is_dropped() -> None:
    check_fit("print(x├)┤)\n", Reason.REPEATS, extent=LINE)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        ("python", "print(├a, foo(b)┤)\n"),
        ("javascript", "foo(├() => { bar(); }┤);\n"),
        ("rust", "let x: Vec<├Vec<u8>┤> = y;\n"),
        ("python", 'x = f"{├a["b"]┤}"\n'),
        ("css", ".a { color: ├red┤; }\n"),
        ("json", '{"a": ├[1, {"b": 2}]┤}\n'),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("same line", clean, clean, language=language, extent=LINE)

"""The lines that a place depends on."""

from __future__ import annotations

import re

import pytest

from fimls.syntax.change import Change
from fimls.syntax.fragment import Whole, fragment_around
from fimls.syntax.tree import parse
from fimls.testing.marks import marked, picture

NEAR_LINES = 5


def check_fragment(grammar: str, drawing: str, kept: str) -> None:
    """Each `…` stands for 60 statements, of which only those near the place may be kept."""
    lines = str(marked(drawing)).splitlines()
    drawn = marked("\n".join(filled for line in lines for filled in filling(line)) + "\n")
    whole = Whole(drawn.text, grammar, has_error=False)

    fragment = fragment_around(whole, Change(drawn.offset, drawn.offset, ""), NEAR_LINES)

    assert fragment is not None
    shown = picture(fragment.text, fragment.change.start)
    assert re.sub(r" *s\(\d+\);?\n", "", shown).strip() == str(marked(kept)).strip()
    assert len(re.findall(r"s\(\d+\)", shown)) <= 3 * NEAR_LINES
    tree = parse(fragment.text, grammar)
    assert tree is not None
    assert tree.faults == ()


def filling(line: str) -> list[str]:
    indentation, mark, end = line.partition("…")
    return [f"{indentation}s({n}){end}" for n in range(60)] if mark else [line]


@pytest.mark.parametrize(
    ("grammar", "drawing", "kept"),
    [
        # Headers and ends of what the place is in are kept, what stands beside them is not.
        (
            "javascript",
            """
            a();
            class A {
              f() {
                …;
              }
              g() {
                …;
                █
                …;
              }
              h() {
                …;
              }
            }
            …;
            """,
            """
            class A {
              g() {
                █
              }
            }
            """,
        ),
        # A header over several lines is kept whole, and an `else` keeps its `if`.
        (
            "python",
            """
            def f(
                a,
                b=[1],
            ):
                if a:
                    b
                else:
                    …
                    █
                    …
            """,
            """
            def f(
                a,
                b=[1],
            ):
                if a:
                    b
                else:
                    █
            """,
        ),
        # So is one that begins with what it takes.
        (
            "python",
            """
            def f(a,
                  b):
                …
                █
            """,
            """
            def f(a,
                  b):
                █
            """,
        ),
        # What goes on below is kept where it belongs to what is kept above.
        (
            "c",
            """
            void f(void) {
                if (a) {
                    …;
                    █
                } else {
                    b();
                }
                …;
            }
            """,
            """
            void f(void) {
                if (a) {
                    █
                } else {
                    b();
                }
            }
            """,
        ),
        # A long string is not torn, on either side.
        (
            "python",
            '''
            def f():
                """a
                b
                c
                d
                e
                f
                """
                █
                x = """a
                b
                c
                d
                e
                f
                """
                …
            ''',
            '''
            def f():
                """a
                c
                d
                e
                f
                """
                █
                x = """a
                b
                c
                d
                e
                f
                """
            ''',
        ),
        # A short text is kept, but for its blank lines.
        (
            "go",
            """
            package p

            var x█ = 1
            """,
            """
            package p
            var x█ = 1
            """,
        ),
        # Code of PHP is none without its mark.
        (
            "php",
            """
            <?php
            …;
            function g() {
                …;
                █
            }
            """,
            """
            <?php
            function g() {
                █
            }
            """,
        ),
    ],
)
def test_fragment(grammar: str, drawing: str, kept: str) -> None:
    check_fragment(grammar, drawing, kept)


def test_what_is_cut_off_is_closed() -> None:
    text = "x = {\n" + "    1: [2],\n" * 60 + "}\n"
    whole = Whole(text, "python", has_error=False)

    fragment = fragment_around(whole, Change(300, 300, ""), NEAR_LINES)

    assert fragment is not None
    assert fragment.text.startswith("x = {\n    1")
    assert fragment.text.rstrip().endswith("[2],\n}")
    assert len(fragment.text) < 200


def test_a_place_in_a_long_string_that_does_not_end() -> None:
    whole = Whole('x = """\n' + "y\n" * 5000, "python", has_error=True)

    fragment = fragment_around(whole, Change(20, 20, ""), NEAR_LINES)

    assert fragment is not None
    assert len(fragment.text) < 500

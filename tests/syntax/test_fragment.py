"""The lines that a place depends on."""

from __future__ import annotations

import re

import pytest

from fimls.syntax.change import Change
from fimls.syntax.delta import Verdict, judge_nearby
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
        # A long string is not torn, on either side; of one above, its begin is enough.
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
        # A place in a comment that begins above stays in one.
        (
            "typescript",
            """
            function f() {
              …;
              /**
               * One.
               * Two.
               * Three.
               * Four.
               * Five.
               * Six.
               * Seven.█
               */
              g();
              …;
            }
            """,
            """
            function f() {
              /**
               * Two.
               * Three.
               * Four.
               * Five.
               * Six.
               * Seven.█
               */
              g();
            }
            """,
        ),
        # A header whose brace is on a line of its own, with the type before the name.
        (
            "c",
            """
            static int
            f(int a,
              int b)
            {
                …;
                █
                …;
            }
            """,
            """
            static int
            f(int a,
              int b)
            {
                █
            }
            """,
        ),
        # Conditions of the preprocessor stand where they like, and are made whole.
        (
            "c",
            """
            #ifdef A
            void f(void)
            {
                …;
            #ifdef B
                █
            #endif
                …;
            }
            #endif
            """,
            """
            void f(void)
            {
            #ifdef B
                █
            #endif
            }
            """,
        ),
        # A label is less indented than what it stands beside, and closes nothing.
        (
            "cpp",
            """
            class A {
              public:
                f();
                █
              private:
                int a;
            };
            """,
            """
            class A {
              public:
                f();
                █
              private:
                int a;
            };
            """,
        ),
        # A YAML list may stand right below its key.
        (
            "yaml",
            """
            a:
            - b: 1
              c: 2
            - d: 3
              █
            """,
            """
            a:
            - b: 1
              c: 2
            - d: 3
              █
            """,
        ),
    ],
)
def test_fragment(grammar: str, drawing: str, kept: str) -> None:
    check_fragment(grammar, drawing, kept)


def cut(text: str, grammar: str, at: int, change: str = "", near_lines: int = NEAR_LINES) -> str:
    whole = Whole(text, grammar, has_error=False)
    fragment = fragment_around(whole, Change(at, at, change), near_lines)
    assert fragment is not None
    return fragment.text


def test_what_is_cut_off_is_closed() -> None:
    text = "x = {\n" + "    1: [2],\n" * 60 + "}\n"

    kept = cut(text, "python", 300)

    assert kept.startswith("x = {\n    1")
    assert kept.rstrip().endswith("[2],\n}")
    assert len(kept) < 200


def test_no_comma_is_left_over() -> None:
    """JSON takes none before a closer, and what followed upon it is cut off."""
    text = '{\n  "a": [\n' + '    {"b": 1},\n' * 200 + '    {"b": 2}\n  ],\n  "c": 3\n}\n'

    kept = cut(text, "json", text.index("    {", 300))

    assert '{"b": 1},\n0\n  ],\n"": 0\n}' in kept
    tree = parse(kept, "json")
    assert tree is not None
    assert tree.faults == ()


@pytest.mark.parametrize(
    ("text", "change", "last"),
    [
        # A statement in brackets goes on until they are closed.
        ("def f():\n    █\n    1,\n    2,\n    )\n    s()\n", "x = (", "    )"),
        # The text leaves the block that it begins in, and what it goes on with is kept.
        (
            "def f():\n    if a:\n        █\n        s()\n    t()\n",
            "b\n    while c:",
            "        s()",
        ),
    ],
)
def test_what_the_change_goes_on_with(text: str, change: str, last: str) -> None:
    at = text.index("█")
    kept = cut(text.replace("█", ""), "python", at, change, 0)
    assert kept.rstrip().splitlines()[-1] == last


def test_a_place_in_a_long_string_that_does_not_end() -> None:
    assert len(cut('x = """\n' + "y\n" * 5000, "python", 20)) < 500


def test_a_string_that_is_none() -> None:
    """By its quotes the place is in a string; it can be taken for code all the same."""
    text = "// It's a ` of somebody.\n" + "s();\n" * 90
    whole = Whole(text, "javascript", has_error=False)
    change = Change(400, 400, "")

    fragment = fragment_around(whole, change, NEAR_LINES)
    as_code = fragment_around(whole, change, NEAR_LINES, as_code=True)

    assert fragment is not None
    assert as_code is not None
    assert (fragment.is_within, as_code.is_within) == (True, False)
    assert fragment.text.startswith("`\n")
    assert as_code.text.startswith("s();")


def test_a_line_that_nobody_has_written() -> None:
    """It cannot be cut, and all of it would take long."""
    whole = Whole("x = [" + "1, " * 5000 + "]\n", "python", has_error=False)
    assert fragment_around(whole, Change(3000, 3000, "2, "), NEAR_LINES) is None
    assert judge_nearby(whole.text, "python", 3000, 3000, "2, ") is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("grammar", "begin", "end"), [("python", "class A:", ""), ("c", "f() {", "}")]
)
def test_what_is_far_away_is_passed_over(grammar: str, begin: str, end: str) -> None:
    """A body of 4,000 lines: its header is found without looking at them all."""
    text = f"{begin}\n" + "    s();\n" * 4000 + end

    kept = cut(text, grammar, len(begin) + 1 + 9 * 3900)

    assert kept.startswith(begin)
    assert len(kept.splitlines()) < 20

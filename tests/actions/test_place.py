"""Where code goes, and that it stands there as if the document's author had written it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.actions.place import Site, in_line_ends, place
from fimls.testing.marks import marked
from fimls.text.edits import Edit, apply
from fimls.text.languages import language_of
from tests.actions.pictures import drawn, site_of


def check_place(before: str, code: str, after: str, *, language: str, action: str) -> None:
    """Checks where code goes: `before` and `after` are pictures."""
    site = site_of(before, action, language)
    edit = place(code, site)

    assert drawn(site.text, [edit]) == drawn_alike(after)


def drawn_alike(picture: str) -> str:
    """A picture without the indentation that it has in a test."""
    return str(marked(picture))


@pytest.mark.parametrize(
    ("language", "before", "code", "after"),
    [
        # The indentation of the site, whichever the code has.
        (
            "python",
            """
            class A:
                def f(self):
                    ├x = 1
                    y = 2┤
            """,
            "x = 3\ny = 4",
            """
            class A:
                def f(self):
                    ├x = 3
                    y = 4┤
            """,
        ),
        # As much as the site has already.
        (
            "python",
            """
            class A:
                def f(self):
                    ├x = 1┤
            """,
            "        if a:\n            x = 2",
            """
            class A:
                def f(self):
                    ├if a:
                        x = 2┤
            """,
        ),
        # A selection of whole lines: blanks and line ends at its ends stay outside of it.
        (
            "python",
            """
            def f():
            ├    x = 1
            ┤    return x
            """,
            "x = 2",
            """
            def f():
                ├x = 2┤
                return x
            """,
        ),
        # Two blanks of the model are four of the document.
        (
            "python",
            """
            def f():
                if a:
                    b()
                ├pass┤
            """,
            "for x in y:\n  if x:\n    z()",
            """
            def f():
                if a:
                    b()
                ├for x in y:
                    if x:
                        z()┤
            """,
        ),
        # Tabs of the model are two blanks of the document.
        (
            "typescript",
            """
            if (a) {
              ├b();┤
            }
            """,
            "if (b) {\n\tc();\n}",
            """
            if (a) {
              ├if (b) {
                c();
              }┤
            }
            """,
        ),
        # An opener whose body is as deep as the site is dedented with it.
        (
            "python",
            """
            if a:
                ├b()┤
            """,
            "for x in y:\n    z()",
            """
            if a:
                ├for x in y:
                    z()┤
            """,
        ),
        # Closers that the selection has not.
        (
            "go",
            """
            func f() {
            \t├a()┤
            }
            """,
            "b()\n}",
            """
            func f() {
            \t├b()┤
            }
            """,
        ),
        # Closers that the selection closes may stay.
        (
            "go",
            """
            func f() {
            \ta()
            ├}

            func g() {┤
            }
            """,
            "}\n\nfunc h() {",
            """
            func f() {
            \ta()
            ├}

            func h() {┤
            }
            """,
        ),
    ],
)
def test_a_range_is_replaced(language: str, before: str, code: str, after: str) -> None:
    check_place(before, code, after, language=language, action="edit")


@pytest.mark.parametrize(
    ("language", "before", "code", "after"),
    [
        # At the end of a document that has no line end there.
        ("python", "x = 1\n# y█", "y = 2", "x = 1\n# y├\ny = 2┤"),
        # A method is set off by one blank line, in a class.
        (
            "python",
            """
            class A:
                # f█
                x = 1
            """,
            "def f(self):\n    pass",
            """
            class A:
                # f├
                def f(self):
                    pass
            ┤
                x = 1
            """,
        ),
        # A block comment that goes on in its own way.
        (
            "rust",
            """
            fn f() {
                /* add
                   them █*/
            }
            """,
            "a + b",
            """
            fn f() {
                /* add
                   them */├
                a + b┤
            }
            """,
        ),
        # What follows is not said again.
        (
            "python",
            """
            def f(items):
                # sum them up█
                return total
            """,
            "total = sum(items)\nreturn total",
            """
            def f(items):
                # sum them up├
                total = sum(items)┤
                return total
            """,
        ),
        # YAML is moved with all its blocks of text.
        (
            "yaml",
            """
            a:
              # a script█
            """,
            "run: |\n  one\n  two",
            """
            a:
              # a script├
              run: |
                one
                two┤
            """,
        ),
    ],
)
def test_code_goes_below_a_comment(language: str, before: str, code: str, after: str) -> None:
    check_place(before, code, after, language=language, action="generate")


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_line_ends_are_those_of_the_document(eol: str) -> None:
    assert in_line_ends(Edit(0, 0, "a\nb\n"), eol).text == f"a{eol}b{eol}"


CODES = st.lists(
    st.sampled_from(["x = 1", "  y", "\tz", "", "def f():", "}", "{", '"""', "# c", "    return"]),
    min_size=1,
    max_size=6,
).map("\n".join)
DOCUMENTS = st.lists(
    st.sampled_from(["a = 1", "    b = 2", "", "class C:", "\td", "# c", "}"]), max_size=8
).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, CODES, st.data(), st.sampled_from(["python", "go", "plaintext"]))
def test_nothing_outside_of_the_range_changes(
    text: str, code: str, data: st.DataObject, language: str
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    is_below = data.draw(st.booleans())
    site = Site(text, language_of(language), start, end, is_below)
    edit = place(code, site)
    result = apply(text, [edit])
    line_end = text.find("\n", end)
    last = (len(text) if line_end < 0 else line_end) if is_below else end

    assert start <= edit.start <= edit.end <= last
    assert result.startswith(text[: edit.start])
    assert result.endswith(text[edit.end :])

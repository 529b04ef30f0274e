"""Comments as instructions: what they say, and where the code for them goes."""

from __future__ import annotations

import pytest

from fimls.actions.instruction import Kind, instruction_at
from fimls.actions.place import Site, place
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.languages import language_of
from tests.actions.pictures import drawn, site_of
from tests.actions.test_place import drawn_alike


def check_words(picture: str, words: str | None, *, language: str, kind: Kind | None) -> None:
    """Checks what the comment at the cursor, or the selection, says; None for no instruction."""
    said = marked(picture)
    known = language_of(language)
    tree = parse(said.result, known.grammar)
    end = said.offset + len(said.inserted)
    found = instruction_at(said.result, known, tree, said.offset, end)

    assert (found and found.words, found and found.kind) == (words, kind)


@pytest.mark.parametrize(
    ("language", "picture", "words"),
    [
        # One line, from anywhere on it, and several of which the cursor is on one.
        ("python", "# add█ them\n", "add them"),
        ("python", "█    # add them\n", "add them"),
        ("python", "# add\n# the█m\n# up\nx = 1\n", "add\nthem\nup"),
        ("python", "├# add\n# them\n┤x = 1\n", "add\nthem"),
        ("python", "# one\n\n# two█\n", "two"),
        ("go", "// add them█\n", "add them"),
        ("rust", "/// add them█\n", "add them"),
        ("rust", "//! add them█\n", "add them"),
        ("sql", "-- add them█\n", "add them"),
        ("shellscript", "#!/bin/sh\n# add them█\n", "add them"),
        ("lua", "-- add them█\n", "add them"),
        # What lines have in common is taken away, and no more.
        ("python", "# do:\n#   - a\n#     b█\n", "do:\n- a\n  b"),
        # No comment, one behind code, an empty one, and what is said to machines.
        ("python", "x = 1█\n", None),
        ("python", "x = 1  # add█\n", None),
        ("python", "#█\n", None),
        ("python", "#!/usr/bin/python█\n", None),
        ("python", "# type: ignore█\n", None),
        ("typescript", "// @ts-ignore█\n", None),
        ("go", "//go:build linux█\n", None),
        ("python", "├# add\nx = 1┤\n", None),
    ],
)
def test_lines_of_comment_are_an_instruction(
    language: str, picture: str, words: str | None
) -> None:
    kind = None if words is None else Kind.LINES
    check_words(picture, words, language=language, kind=kind)


@pytest.mark.parametrize(
    ("language", "picture", "words"),
    [
        ("typescript", "/* add them█ */\n", "add them"),
        ("typescript", "/**\n * Adds\n * the█m.\n */\nconst a = 1;\n", "Adds\nthem."),
        ("typescript", "/*\n█ add them\n*/\n", "add them"),
        ("typescript", "const a = /* b█ */ 1;\n", None),
        ("typescript", "/* a */\nconst █b = 1;\n", None),
        ("sql", "/* add them█ */\n", "add them"),
        ("html", "<!-- a list█ -->\n", "a list"),
    ],
)
def test_a_block_comment_is_an_instruction(language: str, picture: str, words: str | None) -> None:
    kind = None if words is None else Kind.BLOCK
    check_words(picture, words, language=language, kind=kind)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ('def f():\n    """Add them█."""\n', "Add them."),
        ('def f():\n    """Do:\n\n    1. a\n    2. b█\n    """\n', "Do:\n\n1. a\n2. b"),
        ("def f():\n    '''Add█ them.'''\n    pass\n", "Add them."),
        ('"""A file█."""\n', "A file."),
        ('x = """a█"""\n', None),
        ('f("a█")\n', None),
    ],
)
def test_a_docstring_is_an_instruction(picture: str, words: str | None) -> None:
    kind = None if words is None else Kind.DOCSTRING
    check_words(picture, words, language="python", kind=kind)


def test_steps_are_told() -> None:
    text = "# do this:\n# 1. read\n#    the file\n# 2) sort it\n# - print it\n"
    found = instruction_at(text, language_of("python"), None, 0, 0)

    assert found is not None
    assert found.steps == ("read the file", "sort it", "print it")


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        # A function below is completed: all of it, and nothing after it.
        (
            "python",
            "# add█\ndef f(a,\n      b):\n    x = 1\n\n\ny = 2\n",
            "# add\n├code()┤\n\n\ny = 2\n",
        ),
        ("python", "# add█\n@a\ndef f():\n", "# add\n├code()┤\n"),
        ("python", "# add█\nasync def f(): ...\nx = 1\n", "# add\n├code()┤\nx = 1\n"),
        ("go", "// add█\nfunc f() {\n\tx()\n}\n\nvar a int\n", "// add\n├code()┤\n\nvar a int\n"),
        ("rust", "// add█\n#[a]\npub fn f() {\n}\n", "// add\n├code()┤\n"),
        ("java", "// add█\npublic int f(int a) {\n}\nint b;\n", "// add\n├code()┤\nint b;\n"),
        ("typescript", "// add█\nexport function f() {\n}\n", "// add\n├code()┤\n"),
        ("typescript", "// add█\nasync f(a: A): Promise<B> {\n}\n", "// add\n├code()┤\n"),
        ("shellscript", "# add█\nf() {\n  :\n}\n", "# add\n├code()┤\n"),
        ("typescript", "/** add█ */\nconst f = (a) => {\n};\n", "/** add */\n├code()┤\n"),
        # Also where it does not parse.
        ("python", "# add█\ndef f(a, b\n", "# add\n├code()┤\n"),
        # A statement of SQL that has no end.
        ("sql", "-- add█\nselect a\nfrom\n\nselect 1;\n", "-- add\n├code()┤\n\nselect 1;\n"),
        ("sql", "-- add█\nselect a;\n", "-- add├\ncode()┤\nselect a;\n"),
        # Other code is not replaced, nor a function that is further down or deeper.
        ("python", "# add█\nx = 1\n", "# add├\ncode()┤\nx = 1\n"),
        ("python", "# add█\n\ndef f():\n    pass\n", "# add├\ncode()┤\n\ndef f():\n    pass\n"),
        ("typescript", "// add█\nif (a) {\n}\n", "// add├\ncode()┤\nif (a) {\n}\n"),
        ("java", "// add█\nreturn f(1);\n", "// add├\ncode()┤\nreturn f(1);\n"),
        # What holds the place goes.
        ("python", "def f():\n    # add█\n    pass\n", "def f():\n    # add├\n    code()┤\n"),
        (
            "python",
            'def f():\n    """Add█."""\n\n    ...\n',
            'def f():\n    """Add."""├\n    code()┤\n',
        ),
        (
            "python",
            "def f():\n    # add█\n    raise NotImplementedError\n",
            "def f():\n    # add├\n    code()┤\n",
        ),
        (
            "rust",
            "fn f() {\n    // add█\n    todo!()\n}\n",
            "fn f() {\n    // add├\n    code()┤\n}\n",
        ),
        ("shellscript", "f() {\n  # add█\n  :\n}\n", "f() {\n  # add├\n  code()┤\n}\n"),
        # What only looks so stays.
        ("python", "if a:\n    # add█\npass\n", "if a:\n    # add├\n    code()┤\npass\n"),
    ],
)
def test_code_goes_where_the_comment_wants_it(language: str, before: str, after: str) -> None:
    site: Site = site_of(before, "generate", language)

    assert drawn(site.text, [place("code()", site)]) == drawn_alike(after)

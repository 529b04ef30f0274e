"""What is there for an action to work on."""

from __future__ import annotations

import pytest

from fimls.actions.collect import Diagnostic, Material, collect, lines_to_fix, selected
from fimls.actions.definitions import Sort, definitions
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.languages import language_of


def material(picture: str, language: str) -> Material:
    """What is at the cursor, or at the selection between `├` and `┤`."""
    said = marked(picture)
    text, start = said.result, said.offset
    known = language_of(language)
    return collect(text, known, parse(text, known.grammar), start, start + len(said.inserted))


def check_scopes(picture: str, *names: str, language: str) -> None:
    found = material(picture, language).scopes

    assert tuple(each.name for each in found) == names


@pytest.mark.parametrize(
    ("language", "picture", "names"),
    [
        # Innermost first; what decorates a function is a part of it.
        ("python", "class A:\n    @b\n    def f(self):\n        x█ = 1\n", ("f", "A")),
        ("python", "@█b\ndef f():\n    pass\n", ("f",)),
        ("python", "x█ = 1\n", ()),
        ("typescript", "class A {\n  f() {\n    x();█\n  }\n}\n", ("f", "A")),
        # A function may be the value of a variable.
        ("typescript", "export const f = (a: number) => {\n  return █a;\n};\n", ("f",)),
        ("typescript", "const a = █1;\n", ()),
        ("go", "package a\n\nfunc (s *S) F() {\n\tx█()\n}\n", ("F",)),
        ("go", "package a\n\ntype S struct {\n\tx█ int\n}\n", ("S",)),
        ("rust", "impl A {\n    fn f(&self) {\n        x█();\n    }\n}\n", ("f", "A")),
        ("java", "class A {\n    int f() { return █1; }\n}\n", ("f", "A")),
        ("shellscript", "f() {\n  ls█\n}\n", ("f",)),
        ("c", "int f(int a) {\n  return a█;\n}\n", ("f",)),
        ("sql", "create table t (\n  a█ int\n);\n", ("t",)),
    ],
)
def test_scopes_are_told(language: str, picture: str, names: tuple[str, ...]) -> None:
    check_scopes(picture, *names, language=language)


def test_a_scope_has_its_header_and_all_of_its_text() -> None:
    text = "x = 1\n\n@a\ndef f(b,\n      c):\n    return b\n\ny = 2\n"
    tree = parse(text, "python")
    assert tree is not None
    (scope,) = definitions(tree)

    assert (scope.sort, scope.header) == (Sort.FUNCTION, "@a\ndef f(b,\n      c)")
    assert text[scope.start : scope.end] == "@a\ndef f(b,\n      c):\n    return b"


def test_definitions_have_their_owners() -> None:
    text = "class A:\n    def f(self):\n        def g():\n            pass\n\ndef f():\n    pass\n"
    tree = parse(text, "python")
    assert tree is not None

    assert [(each.owner, each.name) for each in definitions(tree)] == [
        ("", "A"),
        ("A", "f"),
        ("", "f"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "lines"),
    [
        # A selection of whole lines does not touch the line it ends at.
        (0, 4, (1, 1)),
        (0, 5, (1, 2)),
        (4, 4, (2, 2)),
        # Given the wrong way round, and out of the text.
        (6, 1, (1, 2)),
        (-3, 99, (1, 3)),
    ],
)
def test_a_selection_knows_its_lines(start: int, end: int, lines: tuple[int, int]) -> None:
    found = selected("abc\ndef\ng", start, end)

    assert (found.first_line, found.last_line) == lines


@pytest.mark.parametrize(
    ("language", "picture", "calls"),
    [
        ("python", "├a.load(open(x))\nopen(y)┤\nz()\n", ("load", "open")),
        ("typescript", "├const a = new B(c.d());┤\n", ("B", "d")),
        ("go", "package a\n\nfunc f() {\n├\tfmt.Println(g())┤\n}\n", ("Println", "g")),
        ("rust", "fn f() {\n├    a::b(c.d());┤\n}\n", ("b", "d")),
        ("shellscript", "├ls | wc -l┤\n", ("ls", "wc")),
        ("java", "class A { void f() { ├g(new B());┤ } }\n", ("g", "B")),
    ],
)
def test_what_a_selection_calls_is_told(
    language: str, picture: str, calls: tuple[str, ...]
) -> None:
    assert material(picture, language).calls == calls


@pytest.mark.parametrize(
    ("language", "picture", "lines"),
    [
        # The whole line.
        ("python", "x = 1\ny = ├z┤\n", "y = z"),
        # The statement, where it goes over several.
        ("python", "x = f(\n    1,\n    ├2┤,\n)\n", "x = f(\n    1,\n    2,\n)"),
        # Only the line of what has a body.
        ("python", "if ├x┤ == None:\n    y()\n", "if x == None:"),
        ("typescript", "function f(├a┤) {\n  return 1;\n}\n", "function f(a) {"),
        # Several lines, each whole.
        ("go", "package a\n\nfunc f() {\n\tx├ := 1\n\ty┤ := 2\n}\n", "\tx := 1\n\ty := 2"),
        # In SQL a query is one statement.
        ("sql", "select a\nfrom ├t┤\nwhere b = 1;\n", "select a\nfrom t\nwhere b = 1;"),
    ],
)
def test_a_fix_may_change_whole_lines(language: str, picture: str, lines: str) -> None:
    said = marked(picture)
    text, start, end = said.result, said.offset, said.offset + len(said.inserted)
    tree = parse(text, language_of(language).grammar)

    found = lines_to_fix(text, tree, [Diagnostic(start, end, "wrong")])

    assert text[slice(*found)] == lines


def test_only_diagnostics_that_touch_the_range_count() -> None:
    known = language_of("python")
    near, far = Diagnostic(0, 3, "near"), Diagnostic(6, 7, "far")

    found = collect("abc\ndefg", known, None, 1, 2, diagnostics=[near, far])

    assert found.diagnostics == (near,)

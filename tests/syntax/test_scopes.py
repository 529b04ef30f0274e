"""What a cursor stands in."""

from __future__ import annotations

import pytest

from fimls.syntax.scopes import Kind, kind_at, kind_in_text
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.languages import language_of


def check_kind(grammar: str, picture: str, kind: Kind) -> None:
    drawn = marked(picture)
    tree = parse(drawn.text, grammar)
    assert tree is not None
    assert kind_at(tree, drawn.offset) is kind


@pytest.mark.parametrize(
    ("grammar", "picture"),
    [
        # Nothing at all, and the two ends of a text.
        ("python", "█"),
        ("python", "█x = 1\n"),
        ("python", "x = 1\n█"),
        # Before a comment and a string; after a string and a block comment that are finished.
        ("python", "█# a\n"),
        ("python", "x = █'a'\n"),
        ("python", "x = 'a'█\n"),
        ("javascript", "/* a */█\n"),
        ("html", "<!-- a -->█\n"),
        ("lua", "--[[ a ]]█\n"),
        ("sql", "SELECT 1 /* a */█;\n"),
        # The line after a line comment, where a grammar counts the line end to the comment.
        ("python", "# a\n█"),
        ("rust", "/// a\n█\nfn f() {}\n"),
        # Code within a string.
        ("python", "x = f'a {b█} c'\n"),
        ("python", "x = f'a {█}'\n"),
        ("javascript", "x = `a ${b█}`;\n"),
        ("ruby", 'x = "a #{b█}"\n'),
        ("bash", 'x="a $(b█)"\n'),
        ("c_sharp", 'var x = $"a {b█}";\n'),
        # A number of SQL is called what a string is called.
        ("sql", "SELECT 12█34;\n"),
        # What is code for bash has the name of a string of Ruby.
        ("bash", "(cd█ a)\n"),
        # Unfinished code.
        ("python", "x = foo(█\n"),
        ("python", "def f(█\n\n\ny = 'a'\n"),
        # An apostrophe that is no quote, in unfinished code.
        ("rust", "fn f<'a>(x: &'a str, █\n"),
        # A finished string in unfinished code, and an escaped quote.
        ("python", "x = foo('a', █\n"),
        ("python", "x = foo('a\\'', █\n"),
    ],
)
def test_code(grammar: str, picture: str) -> None:
    check_kind(grammar, picture, Kind.CODE)


@pytest.mark.parametrize(
    ("grammar", "picture"),
    [
        # The end of the line is in the comment, also at the end of the file and after a blank.
        ("python", "# a█\n"),
        ("python", "# a █\nx = 1\n"),
        ("python", "x = 1  # a█"),
        ("python", "#█\n"),
        ("go", "package p // a█\n"),
        ("rust", "/// a█\nfn f() {}\n"),
        ("c", "int x; // a█ b\n"),
        ("lua", "-- a█\n"),
        ("sql", "-- a█\nSELECT 1;\n"),
        ("php", "<?php\n// a█\n"),
        ("yaml", "a: 1 # b█\n"),
        ("toml", "# a█\n"),
        ("bash", "# a█\n"),
        # Within a block comment.
        ("java", "/* a█ */ class A {}\n"),
        ("css", "/* a█ */\n"),
        ("html", "<!-- a█ -->\n"),
        ("ruby", "=begin\na█\n=end\n"),
        # A block comment without its end.
        ("javascript", "x = 1;\n/* a█"),
        # A comment in unfinished code, with a quote in it.
        ("python", "x = foo(  # don't█\n"),
    ],
)
def test_comment(grammar: str, picture: str) -> None:
    check_kind(grammar, picture, Kind.COMMENT)


@pytest.mark.parametrize(
    ("grammar", "picture"),
    [
        # Within a string, an empty one, and one of each kind.
        ("python", "x = 'a█'\n"),
        ("python", "x = '█'\n"),
        ("python", "x = f'a█ {b}'\n"),
        ("python", 'def f():\n    """a█\n    b\n    """\n'),
        ("javascript", "x = `a█`;\n"),
        ("typescript", "const x: string = 'a█';\n"),
        ("tsx", 'const x = <a b="c█"/>;\n'),
        ("go", "package p\nvar x = `a█`\n"),
        ("rust", 'fn f() { let x = r"a█"; }\n'),
        ("java", 'class A { String a = "b█"; }\n'),
        ("cpp", 'auto s = R"(a█)";\n'),
        ("c_sharp", 'var x = @"a█";\n'),
        ("ruby", "x = <<~A\n  a█\nA\n"),
        ("php", '<?php\n$x = "a█";\n'),
        ("bash", "x='a█'\n"),
        ("lua", "x = [[a█]]\n"),
        ("html", '<a href="b█">c</a>\n'),
        ("css", 'a { content: "b█"; }\n'),
        ("json", '{"a": "b█"}\n'),
        ("yaml", "a: |\n  b█\n"),
        ("toml", 'a = "b█"\n'),
        ("sql", "SELECT 'a█';\n"),
        # Unfinished: typed text goes on with it.
        ("python", "x = 'a█\ny = 1\n"),
        ("python", "x = foo('a█\n"),
        ("python", 'def f():\n    """a█\n'),
        ("javascript", "x = foo(`a█\n"),
        ("go", 'package p\nfunc f() { g("a█\n}\n'),
    ],
)
def test_string(grammar: str, picture: str) -> None:
    check_kind(grammar, picture, Kind.STRING)


@pytest.mark.parametrize(
    ("grammar", "picture", "kind"),
    [
        # The line above is broken, and so is one below: neither is the cursor's.
        ("python", "x = (\ny = 'a'\nz = █'b'\n", Kind.CODE),
        ("javascript", "f(;\nconst x = 'a█';\n", Kind.STRING),
        # Comments of languages that have none which end with their line.
        ("css", "a { b: }} /* c█", Kind.COMMENT),
        ("html", "<a <b <!-- c█", Kind.COMMENT),
    ],
)
def test_in_a_broken_text(grammar: str, picture: str, kind: Kind) -> None:
    check_kind(grammar, picture, kind)


@pytest.mark.parametrize(
    ("language", "picture", "kind"),
    [
        # A language that has no grammar: by its comment marks and double quotes.
        ("kotlin", "val x = 1 // the█\n", Kind.COMMENT),
        ("kotlin", "/* a\n█\n", Kind.COMMENT),
        ("kotlin", "/* a */ █\n", Kind.CODE),
        ("kotlin", 'val x = "a█"\n', Kind.STRING),
        ("kotlin", 'val x = "// a"█\n', Kind.CODE),
        # An apostrophe may be part of a name.
        ("haskell", "foldl' f █\n", Kind.CODE),
        ("haskell", "{- a █\n", Kind.COMMENT),
        # Words of a page are no strings, whatever quotes they have.
        ("markdown", "He said: \"don't█\n", Kind.CODE),
        ("markdown", "<!-- a█\n", Kind.COMMENT),
        # A language of which nothing is known.
        ("nonesuch", "a # b █\n", Kind.CODE),
        # A language with a grammar, where the parser had no time.
        ("python", 'x = """a\n█', Kind.STRING),
        ("python", "x = 'a'  # b█", Kind.COMMENT),
        ("rust", "fn f<'a>(x: &'a str, █", Kind.CODE),
    ],
)
def test_without_a_tree(language: str, picture: str, kind: Kind) -> None:
    drawn = marked(picture)

    assert kind_in_text(drawn.text, drawn.offset, language_of(language)) is kind

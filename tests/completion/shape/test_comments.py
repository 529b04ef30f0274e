"""Blocks with an end of their own: docstrings, documentation comments, tags, statements of SQL."""

from __future__ import annotations

import pytest

from fimls.completion import shape
from fimls.completion.post import Site, fit
from fimls.completion.values import Fit, Shape
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.hole import Hole
from fimls.text.languages import language_of
from tests.completion.shape.checks import BLOCK, decided


@pytest.mark.parametrize(
    ("language", "drawn", "closer"),
    [
        # A docstring that has just begun is wanted as a whole, and nothing behind it.
        ("python", 'def f():\n    """█\n', '"""'),
        ("python", 'def f():\n    """█"""\n    return 1\n', '"""'),
        ("python", "'''█\n\nimport os\n", "'''"),
        ("python", 'class A:\n    r"""█\n', '"""'),
        # So is the comment that documents what follows.
        ("javascript", "/**█\nfunction f() {}\n", "*/"),
        ("java", "class A {\n    /**█ */\n    int x;\n}\n", "*/"),
        # A tag is closed on a line of its own, and indentation does not tell its end before.
        ("html", "<ul>█\n", "</ul>"),
        ("typescriptreact", "const x = (\n  <div>█\n", "</div>"),
        # A statement of SQL goes over lines of any indentation.
        ("sql", "SELECT a\n█\n", ";"),
        # Code in a page ends with its fence.
        ("markdown", "Text.\n\n```python\ndef f():█\n```\n", "```"),
        ("markdown", "Text.\n\n```js\nfunction f() {\n  █\n```\n", "```"),
    ],
)
def test_block_with_an_end_of_its_own(language: str, drawn: str, closer: str) -> None:
    assert decided(drawn, language) == Shape(BLOCK, closer)


@pytest.mark.parametrize(
    "drawn",
    [
        # A string that is given a name is no docstring, and one begun above is gone on with.
        'x = """█\n',
        'def f():\n    """Adds two.\n    █\n',
        # What stands after a statement describes nothing.
        'def f():\n    x = 1\n    """█\n',
    ],
)
def test_a_docstring_is_the_first_of_its_body(drawn: str) -> None:
    assert decided(drawn, "python") == shape.LINE


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # What comes behind the docstring is the next completion's.
        (
            "python",
            '''
            def add(a, b):
                """├Adds two numbers.

                Returns the sum.
                """┤
            ''',
        ),
        # What the editor has closed is not said twice.
        (
            "java",
            """
            /**├
             * Adds two.
             * @param a the first
            ┤ */
            int add(int a, int b) {}
            """,
        ),
        ("sql", "SELECT a\n├FROM b\nWHERE c = 1;┤\n"),
        ("html", "<ul>├\n  <li>a</li>\n</ul>┤\n<p>b</p>\n"),
    ],
)
def test_a_block_ends_with_its_closer(language: str, drawn: str) -> None:
    said = marked(drawn)
    hole = Hole(said.text, said.offset, language_of(language))
    found = decided(f"{said.prefix}█{said.suffix}", language)
    assert isinstance(found, Shape)
    site = Site(hole, parse(said.text, hole.language.grammar), found)
    more = f"{said.inserted}{said.suffix.partition(chr(10))[0]}\nand more {{ of it\n"

    assert fit(more, site, done=True, cut=True) == Fit(said.inserted)

"""The end of a line: the rest of it, or the body that it opens."""

from __future__ import annotations

import pytest

from tests.completion.shape.checks import BLOCK, LINE, check_shape


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # The rest of a line that is being typed: a value, an operand, a word begun.
        ("python", "total = █\n"),
        ("python", "def f():\n    return █\n"),
        ("python", "x = a + █\n"),
        ("python", "x = foo(a, █\n"),
        ("ruby", "if █\n"),
        ("lua", "local function █\n"),
        ("javascript", "const x = await █\n"),
        ("sql", "SELECT █\n"),
        ("markdown", "The first of █\n"),
        # A colon or an arrow that opens nothing: a type, a value, a member, an arm.
        ("python", "def f(a: █\n"),
        ("python", "x: █\n"),
        ("python", "x = {'a': █\n"),
        ("python", "x = a[1:█\n"),
        ("python", "f = lambda x: █\n"),
        ("python", "def f() -> █\n"),
        ("yaml", "image: █\n"),
        ("css", "a {\n  color: █\n}\n"),
        ("c", "p->█\n"),
        ("php", "<?php\n$this->█\n"),
        ("php", "<?php\n$x = ['a' => █\n"),
        ("rust", "match x {\n    Some(y) => █\n}\n"),
        ("rust", "fn f() -> █\n"),
        ("python", "x = d[█\n"),
        # A comparison, and the type in angle brackets, are no tags.
        ("typescriptreact", "const x = useState<string>█\n"),
        # A tag without content.
        ("html", "<br>█\n"),
        # A comment is gone on with, and so is a string, even behind a blank line.
        ("python", "x = 1  # the number of █\n"),
        ("python", "# Sorts the names█\nnames.sort()\n"),
        ("javascript", "/**\n * Adds █\n */\n"),
        ("python", 'def f():\n    """Adds two.\n\n    █\n    """\n'),
        ("python", 'x = """█\n'),
        ("javascript", "x = `a\n█\n`;\n"),
        # A colon in a comment opens nothing.
        ("python", "x = 1  # note:█\n"),
    ],
)
def test_line_at_the_end_of_a_line(language: str, drawn: str) -> None:
    check_shape(drawn, LINE, language)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # Strings over several lines whose begin only the tree finds.
        ("shellscript", "cat <<EOF\n█\nEOF\n"),
        ("yaml", "run: |\n  make\n  █\n"),
        ("ruby", "x = <<~A\n  a\n  █\nA\n"),
    ],
)
def test_line_in_a_heredoc(language: str, drawn: str) -> None:
    check_shape(drawn, LINE, language, by_text=False)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # A body is missing at the end of its header.
        ("python", "def add(a, b):█\n"),
        ("python", "    else:█\n"),
        ("python", "async def f(\n    a,\n) -> int:█\n"),
        ("javascript", "function add(a, b) {█\n"),
        ("javascript", "const add = (a, b) =>█\n"),
        ("java", "list.forEach(x ->█\n"),
        ("java", "switch (x) {\n    case 1:█\n}\n"),
        ("go", "if err != nil {█\n"),
        ("rust", "impl A for B {█\n"),
        ("ruby", "def add(a, b)█\n"),
        ("ruby", "xs.each do |x|█\n"),
        ("lua", "if x then█\n"),
        ("lua", "local f = function(a)█\n"),
        ("shellscript", "for x in *; do█\n"),
        ("yaml", "services:█\n"),
        ("css", "a:hover {█\n"),
        ("json", '{"a": {█\n'),
        ("python", "x = foo(█\n"),
        ("python", "xs = [█\n"),
        # The editor has closed the brace or the bracket.
        ("javascript", "function add(a, b) {█}\n"),
        ("javascript", "foo(x => {█});\n"),
        ("javascript", "foo({█})\n"),
        ("python", "xs = [█]\n"),
        ("python", "foo({█})\n"),
        ("go", "xs := []int{█}\n"),
        ("css", "a {█}\n"),
        ("json", '{"a": [█]}\n'),
    ],
)
def test_block_after_an_opener(language: str, drawn: str) -> None:
    check_shape(drawn, BLOCK, language)

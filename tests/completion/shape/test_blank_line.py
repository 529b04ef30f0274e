"""An empty line, or the begin of one with code: what is due above and below its neighbours."""

from __future__ import annotations

import pytest

from tests.completion.shape.checks import BLOCK, LINE, check_shape


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # At the top level, the next import, constant, command.
        ("python", "a = 1\n█\n"),
        ("python", "import os\n█\n\n\ndef f():\n    pass\n"),
        ("shellscript", "set -e\n█\n"),
        # A directive of the preprocessor is no comment.
        ("c", "#include <stdio.h>\n█\n"),
        # What stands first in a file, above the rest.
        ("python", "█\nimport os\n"),
        ("go", "█\n\nfunc main() {}\n"),
        # Between two statements, a third one.
        ("python", "def f():\n    a = 1\n    █\n    return a\n"),
        ("javascript", "function f() {\n  a();\n  █\n  b();\n}\n"),
        # There is a body already, and a statement is put before it.
        ("python", "def f():\n    █\n    return a\n"),
        ("go", "func f() {\n\t█\n\treturn\n}\n"),
        # The same above the code that the cursor stands before.
        ("python", "def f():\n    a = 1\n█    return a\n"),
        ("python", "def f():\n    a = 1\n    █return a\n"),
        ("javascript", "function f() {\n  a();\n  █b();\n}\n"),
        # Nothing is reached after a jump.
        ("python", "def f():\n    return 1\n    █\n"),
        ("java", "class A {\n    int f() {\n        return 1;\n        █\n    }\n}\n"),
        # The next field of a class or a record, the next member of an enumeration.
        ("python", "class A:\n    x: int\n    █\n"),
        ("rust", "struct A {\n    x: i32,\n    █\n}\n"),
        ("go", "type A struct {\n\tx int\n\t█\n}\n"),
        ("java", "enum A {\n    X,\n    █\n}\n"),
        # The next argument of a call.
        ("python", "foo(\n    a,\n    █\n)\n"),
        ("python", "foo(a,\n    █\n"),
        # The rest of an expression.
        ("python", "x = a + \\\n    █\n"),
        ("javascript", "const x =\n  █\n"),
        # The next entry of what has little to do with its neighbours.
        ("yaml", "services:\n  web:\n    image: a\n    █\n"),
        ("json", '{\n  "a": 1,\n  █\n}\n'),
        ("html", "<ul>\n  <li>a</li>\n  █\n</ul>\n"),
        ("toml", "[a]\nb = 1\n█\n"),
        # A statement of SQL has ended, and the next one may be of any length.
        ("sql", "SELECT 1;\n█\n"),
        # A page is written line by line, its paragraphs too.
        ("markdown", "# Title\n\n█\n"),
        ("plaintext", "Dear all,\n█\n"),
    ],
)
def test_line_on_an_empty_line(language: str, drawn: str) -> None:
    check_shape(drawn, LINE, language)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # The body of what the line above opens, also with blank lines and comments between.
        ("python", "def add(a, b):  # sums\n    █\n"),
        ("python", "if a:\n    █\nelse:\n    b()\n"),
        ("python", "def add(a, b):\n\n    █\n"),
        ("python", "def add(\n    a,\n    b,\n):\n    █\n"),
        ("javascript", "const add = (a, b) => {\n  █\n}\n"),
        ("javascript", "if (a) {\n█\n}\n"),
        ("go", "func add(a int) int {\n\t█\n}\n"),
        ("c", "int add(int a, int b)\n█\n"),
        ("c", "int add(int a, int b)\n{\n    █\n}\n"),
        ("ruby", "def add(a, b)\n  █\n"),
        ("ruby", "class A\n  █\nend\n"),
        ("lua", "for i = 1, 3 do\n  █\n"),
        ("shellscript", "case $1 in\n  █\nesac\n"),
        ("shellscript", "case $1 in\n  start)\n    █\nesac\n"),
        ("sql", "CREATE TABLE a (\n  █\n);\n"),
        ("html", '<ul class="a">\n  █\n</ul>\n'),
        ("typescriptreact", "return (\n  <div>\n    █\n  </div>\n)\n"),
        ("makefile", "build: deps\n\t█\n"),
        # A bracket that is open at the line's end wants its elements.
        ("python", "call(\n    █\n"),
        ("yaml", "services:\n  █\n"),
        ("json", '{\n  "a": {\n    █\n  }\n}\n'),
        ("toml", "[tool.ruff]\n█\n"),
        # Code is wanted below what describes it: a comment, the end of one, a decorator.
        ("python", "# Sort the names by length.\n█\n"),
        ("python", "def f():\n    # Sort the names.\n    █\n    return names\n"),
        ("rust", "/// Adds two numbers.\n█\n"),
        ("javascript", "/**\n * Adds two.\n */\n█\n"),
        ("html", "<!--\n  The list\n-->\n█\n"),
        ("python", "@property\n█\n"),
        ("java", "class A {\n    @Override\n    █\n}\n"),
        ("sql", "-- Users without a name.\n█\n"),
        # And below the docstring, in the function's body.
        ("python", 'def f():\n    """Adds two."""\n    █\n'),
        ("python", 'def f():\n    """\n    Adds two.\n    """\n    █\n    return 1\n'),
        # After a blank line, something new begins, also above code.
        ("python", "import os\n\n█\n"),
        ("python", "def f():\n    a = 1\n\n    █\n    return a\n"),
        ("python", "def f():\n    a = 1\n\n█    return a\n"),
        ("yaml", "a: 1\n\n█\n"),
        ("go", "func a() {}\n\n█\n\nfunc b() {}\n"),
        # A definition has ended, and the next one is due.
        ("python", "def f():\n    return 1\n█\n"),
        ("css", "a {\n  color: red;\n}\n█\n"),
        ("java", "class A {\n    int f() {\n        return 1;\n    }\n    █\n}\n"),
        ("ruby", "class A\n  def f\n    1\n  end\n  █\nend\n"),
        # The author is writing forward: the rest of the body.
        ("python", "def f(a):\n    b = a\n    █\n\n\ndef g():\n    pass\n"),
        ("javascript", "function f(a) {\n  const b = a;\n  █\n}\n"),
        ("python", "xs = [\n    1,\n    █\n]\n"),
        ("css", "a {\n  color: red;\n  █\n}\n"),
        # The rest of a statement.
        ("sql", "SELECT a\nFROM b\n█\n"),
        # A language without a grammar.
        ("kotlin", "fun f() {\n    █\n}\n"),
    ],
)
def test_block_on_an_empty_line(language: str, drawn: str) -> None:
    check_shape(drawn, BLOCK, language)

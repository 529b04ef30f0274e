"""Where the code of a model ends that goes on writing."""

from __future__ import annotations

import pytest

from fimls.actions.ending import ended
from fimls.text.languages import language_of


@pytest.mark.parametrize(
    ("language", "said", "is_begun"),
    [
        # A function, and what is no part of it: another one, code, a comment about that.
        ("python", "def f():\n    return 1╣\n\n\ndef g():\n", False),
        ("python", "def f():\n    return 1╣\n\nprint(f())\n", False),
        ("python", "def f():\n    return 1╣\n\n\n# Now another\ndef g():\n", False),
        ("python", "@cache\ndef f():\n    return 1╣\n\nx = 1\n", False),
        ("python", "    def f(self):\n        return 1╣\n\n    def g(self):\n", False),
        # Statements go on up to something else.
        ("python", "a = 1\n\nb = 2╣\n\n# And then\nc = 3\n", False),
        ("python", "a = 1\nif a:\n    b()\nelse:\n    c()╣\n\n\ndef g():\n", False),
        ("python", 'a = 1╣\n\nif __name__ == "__main__":\n', False),
        ("python", "    return 1╣\n\n\nprint(1)\n", False),
        # What is in a string or in brackets is none of it.
        ("python", 'a = """\ndef x():\n"""\nb = f(\n1,\n)╣\n\ndef g():\n', False),
        # With braces, the closing one is part of it.
        ("typescript", "function f() {\n  return 1;\n}╣\n\nfunction g() {\n", False),
        ("typescript", "export async function f() {\n  return 1;\n}╣\n\nf();\n", False),
        ("rust", "pub fn f() -> i32 {\n    1\n}╣\n\n#[test]\nfn g() {\n", False),
        ("go", "func f() int {\n\treturn 1\n}╣\n\n// g is another\nfunc g() {\n", False),
        ("c", "int f(void) {\n  return 1;\n}╣\n\nint g(void) {\n", False),
        ("shellscript", "f() {\n  ls\n}╣\n\nf\n", False),
        # What has been begun is a definition, however it is written.
        ("c", "int f(void) {\n  return 1;\n}╣\nint g;\n", True),
        # One statement of SQL, whatever is in its strings.
        ("sql", "SELECT ';' FROM a;╣\nSELECT 2;\n", False),
        ("sql", "SELECT (1;", False),
        # Its end has not come.
        ("python", "def f():\n    return 1\n", False),
        ("python", "def f():\n    return 1\n\n\nde", False),
        ("python", "", False),
        ("sql", "SELECT 1", False),
    ],
)
def test_the_end(language: str, said: str, is_begun: bool) -> None:
    kept, end, rest = said.partition("╣")

    found = ended(kept + rest, language_of(language), is_begun=is_begun)

    assert found == (kept if end else None)

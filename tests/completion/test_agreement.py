"""Whether a text leads on to what follows it."""

from __future__ import annotations

import pytest

from fimls.completion.agreement import leads_on
from fimls.completion.values import Completion
from fimls.testing.marks import marked
from fimls.text.hole import Hole
from fimls.text.languages import language_of


@pytest.mark.parametrize(
    ("picture", "language", "expected"),
    [
        # What follows in the block would never be reached.
        ("def f(n):\n├    return n┤\n    print(n)\n", "python", False),
        ("for x in xs:\n├    break┤\n    print(x)\n", "python", False),
        ("function f() {\n├  throw e;┤\n  g();\n}\n", "javascript", False),
        # The cursor stands behind the indentation, or before the code itself.
        ("def f(n):\n    ├return n┤\n    print(n)\n", "python", False),
        ("def f(n):\n├    return n\n┤    print(n)\n", "python", False),
        # Of several lines the last one counts.
        ("def f(n):\n├    n += 1\n    return n┤\n    print(n)\n", "python", False),
        ("def f(n):\n├    if n:\n        return n┤\n    print(n)\n", "python", True),
        # Blank lines make no difference.
        ("def f(n):\n├    return n┤\n\n\n    print(n)\n", "python", False),
        # The block ends there.
        ("def f(n):\n    if n:\n├        return n┤\n    print(n)\n", "python", True),
        ("def f(n):\n├    return n┤\n", "python", True),
        ("def f(n):\n├    return n┤\n\nprint(f(1))\n", "python", True),
        # Another case of the same block.
        ("switch (n) {\n├case 1: return a;┤\ncase 2: return b;\n}\n", "c", True),
        ("  case 1:\n├  return a;┤\n  case 2:\n", "c", True),
        ("  goto end;\n├  return 1;┤\n  end:\n", "c", True),
        # A condition before or behind it.
        ("def f(n)\n├  return n if n┤\n  g(n)\nend\n", "ruby", True),
        ("void f() {\n├  if (n) return;┤\n  g();\n}\n", "c", True),
        # It goes on on the next line.
        ("def f(n):\n    return (\n├    return (┤\n    print(n)\n", "python", True),
        # It has code behind it.
        ("x = ├return┤ + 1\ny = 2\n", "python", True),
        # A word that only begins so.
        ("def f(n):\n├    returned(n)┤\n    print(n)\n", "python", True),
        # A new name that nothing makes use of.
        ("def f(xs):\n├    result = []┤\n    total = sum(xs)\n", "python", False),
        ("function f() {\n├  const a = 1;┤\n  g();\n}\n", "javascript", False),
        ("func f() {\n├\ta := 1┤\n\tg()\n}\n", "go", False),
        # What follows does.
        ("def f(xs):\n├    result = []┤\n    return result\n", "python", True),
        # The name is not new.
        ("def f(xs):\n├    xs = []┤\n    g()\n", "python", True),
        # A name that is only a part of others is new.
        ("def f(x_1):\n├    x = []┤\n    g(x_1)\n", "python", False),
        # An attribute, a comparison, a call.
        ("def f(self):\n├    self.x = []┤\n    g()\n", "python", True),
        ("def f(n):\n├    a == 1┤\n    g()\n", "python", True),
        ("def f(n):\n├    g(a=1)┤\n    g()\n", "python", True),
        # Nothing follows in the block: it may be written still.
        ("def f(xs):\n├    result = []┤\n\nf([])\n", "python", True),
    ],
)
def test_leading_on(picture: str, language: str, expected: bool) -> None:
    drawn = marked(picture)
    hole = Hole(drawn.text, drawn.offset, language_of(language))
    completion = Completion(drawn.inserted, drawn.offset, drawn.offset)

    assert leads_on(completion, hole) is expected

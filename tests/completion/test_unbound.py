"""Names that the code below a hole uses, and that nothing gives a value to."""

from __future__ import annotations

import pytest

from fimls.completion.unbound import unbound
from fimls.text.hole import Hole
from fimls.text.languages import language_of


def names(above: str, below: str, language: str = "python") -> tuple[str, ...]:
    return unbound(Hole(f"{above}\n{below}", len(above), language_of(language)), 4)


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        # It is read, and never written.
        ("    return total\n", ("total",)),
        ("    total += 1\n", ("total",)),
        ("    lines.append(a)\n    rest.sort()\n", ("lines", "rest")),
        # It is known above, as an argument or in whatever else is there.
        ("    return a\n", ()),
        # It is given a value first, in any of the ways there are.
        ("    b = 1\n    return b\n", ()),
        ("    b: int = 1\n    return b\n", ()),
        ("    (b, c) = 1, 2\n    return b + c\n", ()),
        ("    for b, c in a:\n        print(b, c)\n", ()),
        ("    with open(a) as b:\n        print(b)\n", ()),
        ("    import b, c\n    print(b, c)\n", ()),
        ("    if (b := a):\n        print(b)\n", ()),
        ("    return [b for b in a]\n", ()),
        ("    return sorted(a, key=lambda b: b.c)\n", ()),
        ("    def b(c):\n        return c\n", ()),
        # A loop may never be entered: what it gives a value to had one before.
        ("    for b in a:\n        last = b\n    return last\n", ("last",)),
        # A branch may be the only way to what follows.
        ("    if a:\n        b = 1\n    else:\n        b = 2\n    return b\n", ()),
        # Functions, classes and constants come from elsewhere; so do the words of the language.
        ("    return helper(Thing, LIMIT, None, len)\n", ()),
        # An argument's name is none of ours, nor is an attribute.
        ("    return f(a, key=1).b\n", ()),
        # The module gives it a value further down.
        ("    return cache\n\ncache = {}\n", ()),
        ("    return cache\n\nfrom m import cache\n", ()),
        # What is in quotes or behind a mark is no code.
        ("    return 'total'  # of lines\n", ()),
        # Beyond the block it is another one's.
        ("    return a\n\ndef g(b):\n    return b\n", ()),
        # So many come from a file that is made elsewhere.
        ("    print(b, c, d, e, g, h, i, j, k)\n", ()),
    ],
)
def test_python(below: str, expected: tuple[str, ...]) -> None:
    assert names("def f(a):\n", below) == expected


def test_whatever_a_module_has_may_be_imported() -> None:
    assert names("from m import *\ndef f(a):\n", "    return total\n") == ()


def test_other_languages_are_not_read() -> None:
    assert names("function f(a) {\n", "    return total\n}\n", "javascript") == ()


def test_long_lines_take_no_time() -> None:
    # Two thousand names in a row: a pattern that tried all ways to part them would not come back.
    assert names("def f(a):\n", "    " + "abcd efgh," * 1000 + "\n") == ("abcd", "efgh")

"""Outlines: the order of lines, headers over members, long signatures cut, nothing twice."""

from __future__ import annotations

import pytest

from fimls.context.outline import Outline, line_of, shortened
from fimls.context.secrets import MASK
from fimls.evaluation.context_view import MemoryView
from fimls.repository.facts import Definition, Kind
from tests.context.view import COUNT

TEXT = """\
LIMIT = 10

class Shop(Base):
    size: int = 0

    def buy(self, item: str) -> None: ...

def close(shop: Shop) -> bool: ...
"""
VIEW = MemoryView("/p", {"shop.py": TEXT, "other.py": "def other(): ...\n"})


def named(name: str) -> Definition:
    return VIEW.defining(name)[0]


def outline_of(*names: str, budget: int = 300, comment: str = "") -> Outline:
    outline = Outline(VIEW, budget, COUNT, comment)
    for name in names:
        outline.take(named(name))
    return outline


def test_definitions_stand_in_the_order_of_the_file() -> None:
    text = outline_of("close", "buy", "LIMIT", "size").text_of("shop.py")
    assert text.split("\n") == [
        "LIMIT = 10",
        "class Shop(Base)",
        "    size: int = 0",
        "    def buy(self, item: str) -> None",
        "def close(shop: Shop) -> bool",
    ]


def test_a_member_brings_its_class() -> None:
    outline = outline_of("buy")
    assert outline.text_of("shop.py").startswith("class Shop(Base)\n")
    assert [each.name for each in outline.shown("shop.py")] == ["Shop", "buy"]
    # Then the class is there, and costs nothing more.
    assert not outline.take(named("Shop"))


def test_nothing_is_taken_twice() -> None:
    outline = outline_of("close")
    assert not outline.take(named("close"))


def test_paths_are_sorted() -> None:
    assert outline_of("close", "other").paths == ("other.py", "shop.py")


def test_comments_are_counted() -> None:
    assert outline_of("close", comment="#").tokens > outline_of("close").tokens


def test_a_text_takes_room() -> None:
    outline = outline_of(budget=20)
    assert not outline.reserve("a.py", "word " * 40)
    assert outline.reserve("a.py", "word")
    assert 0 < outline.tokens <= 20


def test_long_signatures_are_cut_at_a_comma() -> None:
    long = "def f(" + ", ".join(f"parameter_{n}: int" for n in range(20)) + ") -> None"
    # Up to sixty characters, and a mark.
    assert shortened(long) == "def f(parameter_0: int, parameter_1: int, parameter_2: int, …"
    assert shortened("def f(x)") == "def f(x)"
    # Without a comma in the second half.
    assert shortened("X = " + "a" * 200) == f"X = {'a' * 56}…"
    assert shortened("a" * 60) == "a" * 60


def check_line(kind: Kind, signature: str, expected: str) -> None:
    assert line_of(Definition("f", kind, "a.py", 0, signature)) == expected


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ('NAMES = ["one", "two", "three", "four"]', 'NAMES = ["one", "two", "three",…'),
        # At 24 characters, the blank behind the sign too.
        (f"X = {'a' * 23}", f"X = {'a' * 23}"),
        (f"X = {'a' * 24}", f"X = {'a' * 23}…"),
        # The value is behind the type, whatever signs are in that.
        (
            "x: dict[str, int] = make_many_of_them(1, 2, 3)",
            "x: dict[str, int] = make_many_of_them(1, 2,…",
        ),
        ("x: Annotated[int, Field(gt=0, title='of all')] = 3",) * 2,
        ("age: Annotated[int, Field(gt=0, title='a number')]",) * 2,
        # The sign of an arrow is none.
        ("onClick: (event: MouseEvent) => Promise<Map<string, number>>",) * 2,
        (
            "handler = (event) => console.log('handled', event)",
            "handler = (event) => console.log(…",
        ),
        # Nor is there one in a declaration, and in Go it is longer.
        ("count_of_everything_that_was_ever_sold: unsigned int",) * 2,
        ("all := map[string]string{'a': 'b', 'c': 'd'}", "all := map[string]string{'a':…"),
    ],
)
def test_long_values_are_cut(signature: str, expected: str) -> None:
    check_line(Kind.CONSTANT, signature, expected)


def test_defaults_are_no_values() -> None:
    header = "def f(names: list[str] = [], others: tuple[int, ...] = ())"
    check_line(Kind.FUNCTION, header, header)


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("def f(x): # noqa: S101", "def f(x)"),
        ("void f(int x) { // of all", "void f(int x)"),
        ("function f(x): string { /* of all */", "function f(x): string"),
        ('def f(sep: str = ": # "): # of all', 'def f(sep: str = ": # ")'),
        # What is in a string is no comment, nor is what something follows.
        ('def f(url="http://x.org/a")',) * 2,
        ('def f(sep=": # ")',) * 2,
        ("def f(sep='{ // ')",) * 2,
        ("f(x: /* any */ string): void",) * 2,
        ("f(x): /* any */ string",) * 2,
        ("f(x: // any",) * 2,
    ],
)
def test_comments_behind_headers_are_dropped(signature: str, expected: str) -> None:
    check_line(Kind.FUNCTION, signature, expected)


@pytest.mark.parametrize(
    ("kind", "signature", "expected"),
    [
        # What looks like a comment is within the password, of which too little would be left.
        (Kind.FUNCTION, 'def f(password="ab: # cdefg")', f'def f(password="{MASK}")'),
        (Kind.FUNCTION, 'def f(password="ab{ // cdefg")', f'def f(password="{MASK}")'),
        # The value is cut within it.
        (Kind.CONSTANT, 'password = "open sesame and many more"', f'password = "{MASK}"'),
        (Kind.CONSTANT, 'x = "postgres://shop:hunter2hunter2@db"', f'x = "postgres://{MASK}@…'),
        # Its own name is cut off.
        (Kind.CONSTANT, 'x = of("my-host", password="hunter2")', 'x = of("my-host", password=…'),
        # It is behind the header: not shown at all.
        (Kind.FUNCTION, 'def f(x): # password="hunter2"', "def f(x)"),
    ],
)
def test_secrets_are_masked_before_anything_is_cut(
    kind: Kind, signature: str, expected: str
) -> None:
    check_line(kind, signature, expected)

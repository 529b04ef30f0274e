"""Outlines: the order of lines, headers over members, long signatures cut, nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.context.outline import Outline, shortened
from fimls.evaluation.context_view import MemoryView
from tests.context.view import COUNT

if TYPE_CHECKING:
    from fimls.repository.facts import Definition

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
    assert len(shortened(long)) <= 103
    assert shortened(long).endswith(", …")
    assert shortened("def f(x)") == "def f(x)"
    assert shortened("X = " + "a" * 200).endswith("a…")

"""What is gathered: the right signatures under their paths, within the budget, always the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fimls.context.gather import Source
from fimls.context.recent import Edited
from fimls.context.window import Budget
from tests.context.view import COUNT, gathered, hole_in, text_of

SHOP = {
    "shop/orders.py": '''\
class Base:
    def save(self, path: str) -> None: ...

class Order(Base):
    """One order."""

    total: int = 0

    def add(self, item: "Item", count: int = 1) -> None:
        self.total += item.price * count

    def __repr__(self) -> str:
        return "Order"

def open_order(name: str) -> Order:
    return Order()
''',
    "shop/items.py": "class Item:\n    price: int\n\nLIMIT = 100\n",
    "shop/unrelated.py": "def paint(wall: str) -> None: ...\n",
}

# Code that is like what the holes below stand in.
BILLS = {"shop/bills.py": "def bill(order):\n    order.add(item, count)\n    return order.total\n"}


@pytest.mark.parametrize(
    ("picture", "shown", "hidden"),
    [
        # What is imported is shown with its signature, what has nothing to do with it is not.
        (
            "from shop.orders import open_order\n\nwanted = █\n",
            ["def open_order(name: str) -> Order"],
            ["def paint"],
        ),
        # The members of the class that a function gives, under the class's own header.
        (
            "from shop.orders import open_order\n\norder = open_order('a')\norder.█\n",
            ["class Order(Base)\n", "    def add(self", "    total: int = 0"],
            ["def paint"],
        ),
        # What a thing is called tells its class, where nothing is imported.
        ("def total_of(order):\n    return █\n", ["class Order(Base)"], ["def paint"]),
        # A method's base is where its class is.
        (
            "from shop.orders import Base\n\nclass Bill(Base):\n    def pay(self):\n        █\n",
            ["def save(self, path: str) -> None"],
            ["def paint"],
        ),
        # The file's own definitions are no other file's.
        ("def paint(wall):\n    pass\n\npa█\n", [], ["app.py"]),
    ],
)
def test_what_matters_is_shown(picture: str, shown: list[str], hidden: list[str]) -> None:
    text = text_of(gathered(SHOP, hole_in("app.py", picture), sources=frozenset({Source.MAP})))
    assert [each for each in shown if each not in text] == []
    assert [each for each in hidden if each in text] == []


def test_snippets_are_sorted_and_have_reasons() -> None:
    hole = hole_in("app.py", "from shop.orders import Order\nfrom shop.items import Item\n\n█\n")
    found = gathered(SHOP, hole)
    paths = [each.path for each in found.snippets]
    assert paths == sorted(paths)
    assert all(each.reason and each.kind and each.tokens for each in found.snippets)
    assert {each.reason for each in found.shown} >= {"of Order, named in this file"}


@pytest.mark.parametrize("budget", [0, 3, 10, 17, 40, 80, 200])
def test_the_budget_holds(budget: int) -> None:
    # A path costs as well; what does not fit is passed over for something smaller.
    hole = hole_in("app.py", "from shop.orders import Order, open_order\n\norder = █\n")
    found = gathered(SHOP, hole, budget=budget)
    assert COUNT(text_of(found)) <= budget
    assert found.tokens <= budget


def test_an_entry_that_does_not_fit_is_passed_over() -> None:
    files = {
        "a.py": f"def rare_one({', '.join(f'first_parameter_{n}: int' for n in range(9))}): ...\n",
        "b.py": "def rare_two(): ...\n",
    }
    hole = hole_in("app.py", "from a import rare_one\nfrom b import rare_two\n\n█\n")
    text = text_of(gathered(files, hole, budget=16))
    assert "rare_two" in text
    assert "rare_one" not in text


def test_what_the_window_shows_counts_less() -> None:
    # One of the two names stands in the window already.
    files = {"a.py": "def seen_one(): ...\n\ndef unseen_one(): ...\n"}
    far = "x = 1\n" * 60
    hole = hole_in("app.py", f"from a import unseen_one\n{far}\nseen_one()\n█\n")
    small = Budget(prefix_tokens=80, suffix_tokens=20)
    found = gathered(files, hole, window=small, sources=frozenset({Source.MAP}))
    scores = {each.definition.name: each.score for each in found.shown}
    assert scores["unseen_one"] > scores["seen_one"]


def test_similar_code_is_shown_once_beside_the_map() -> None:
    hole = hole_in("app.py", "def other(order, item):\n    order.add(item, count)\n    █\n")
    kinds = [each.kind for each in gathered({**SHOP, **BILLS}, hole).snippets]
    assert kinds.count(Source.SIMILAR) == 1
    assert Source.MAP in kinds


def test_recently_edited_regions_are_shown() -> None:
    edited = Edited("shop/unrelated.py", 0, "def paint(wall: str) -> None: ...\n")
    hole = hole_in("app.py", "x = █\n")
    (found,) = gathered(SHOP, hole, recent=(edited,), sources=frozenset({Source.RECENT})).snippets
    assert (found.path, found.kind, found.reason) == (
        "shop/unrelated.py",
        "recent",
        "edited lately",
    )


@pytest.mark.parametrize(
    ("path", "other", "text"),
    [
        # A test is about the file of its name, a source has its header.
        ("tests/test_items.py", "shop/items.py", "LIMIT = 100\n"),
        ("src/items.c", "src/items.h", "int limit_of(int item);\n"),
        ("web/items.test.ts", "web/items.ts", "export function limitOf(item: number) { }\n"),
        ("src/ItemsTest.java", "src/Items.java", "class Items { }\n"),
    ],
)
def test_pairs_are_shown(path: str, other: str, text: str) -> None:
    found = gathered({other: text}, hole_in(path, "█\n"), sources=frozenset({Source.PAIR}))
    assert [each.path for each in found.snippets] == [other]


def test_secrets_are_masked_wherever_they_are_from() -> None:
    key = "sk-" + "a1B2c3D4" * 5
    files = {
        "conf.py": f'API_KEY = "{key}"\n\ndef connect(password="hunter2hunter2"): ...\n',
        "use.py": f'def run():\n    connect("{key}")\n    return API_KEY\n',
    }
    edited = Edited("use.py", 0, f'connect("{key}")\n')
    hole = hole_in("app.py", "from conf import API_KEY, connect\nconnect(API_KEY)\n█\n")
    text = text_of(gathered(files, hole, recent=(edited,)))
    assert "connect" in text
    assert key not in text
    assert "hunter2" not in text


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "from tests.context.test_gather import BILLS, SHOP\n"
        "from tests.context.view import gathered, hole_in, text_of\n"
        "above = 'from shop.orders import Order\\nimport shop.items\\n\\n'\n"
        "hole = hole_in('app.py', above + 'order.total = order.add(item, count)\\n█\\n')\n"
        "found = gathered({**SHOP, **BILLS}, hole)\n"
        "print(text_of(found), found.shown, found.ranking)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1
    (output,) = outputs
    assert b"class Order" in output
    # Pieces that are alike are a part of it.
    assert b"def bill" in output

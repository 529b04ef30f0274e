"""Seeds: what is near counts more, what is imported surely, what is only in a string not."""

from __future__ import annotations

import pytest

from fimls.context.recent import Edited
from fimls.context.seeds import Seeds, seeds_of
from tests.context.view import hole_in, view_with, window_of


def seeds(picture: str, recent: tuple[Edited, ...] = ()) -> Seeds:
    hole = hole_in("pkg/app.py", picture)
    view = view_with({"pkg/b.py": "class Base: ...\n", "pkg/c.py": "X = 1\n"}, hole)
    return seeds_of(view, hole, window_of(hole), recent)


@pytest.mark.parametrize(
    ("picture", "more", "less"),
    [
        # Nearer, above or below.
        ("first()\n\n\n\nsecond()\n█\n", "second", "first"),
        ("█\nfirst()\n\n\n\n\n\nsecond()\n", "first", "second"),
        # Called, a member, or written like a type, beside a plain word.
        ("plain, called()\n█\n", "called", "plain"),
        ("plain, thing.member\n█\n", "member", "plain"),
        ("plain, Kind\n█\n", "Kind", "plain"),
        # Imported, over several lines too.
        ("from b import (\n    one,\n)\nother = 1\n█\n", "one", "other"),
        # A word in a string or a comment is none.
        ("print('text')\n# said\nused()\n█\n", "used", "text"),
    ],
)
def test_what_counts_more(picture: str, more: str, less: str) -> None:
    names = seeds(picture).names
    assert names[more] > names.get(less, 0.0)


def test_bases_of_the_class_around() -> None:
    assert seeds("class A(Base):\n    def f(self):\n        █\n").bases == ("Base",)
    # Below the class it is not around any more.
    assert seeds("class A(Base):\n    x = 1\n\n█\n").bases == ()


def test_files() -> None:
    recent = (Edited("pkg/c.py", 0, "X = 1\n"), Edited("gone.py", 0, "Y = 1\n"))
    assert list(seeds("from pkg.b import Base\n█\n", recent).files) == ["pkg/b.py", "pkg/c.py"]


def test_what_is_shown() -> None:
    found = seeds("one = 1\n█\ntwo = 2\n")
    assert {"one", "two"} <= found.shown

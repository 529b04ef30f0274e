"""Similar code: pieces that use the names around a hole, for the map and to be shown."""

from __future__ import annotations

import pytest

from fimls.context.similar import Alike, Excerpt, alike, similar
from fimls.repository.facts import Chunk
from tests.context.view import hole_in, view_with, window_of

FILES = {
    "one.py": "def one(order, item):\n    order.add(item)\n    order.close(item)\n",
    "two.py": "def two(order):\n    order.open()\n",
    "far.py": "def paint(wall):\n    wall.colour()\n",
}


def found_at(picture: str) -> Alike:
    hole = hole_in("app.py", picture)
    return alike(view_with(FILES, hole), hole.path, window_of(hole))


@pytest.mark.parametrize(
    ("picture", "paths"),
    [
        # The likest first, none that shares nothing, and never the hole's own file.
        ("order.add(item)\n█\n", ["one.py", "two.py"]),
        ("order.open()\n█\n", ["two.py", "one.py"]),
        ("wall.colour()\n█\n", ["far.py"]),
        # Names that no code uses find nothing, nor does what is only in a string.
        ("unheard_of\n█\n", []),
        ("'order.add(item)'\n█\n", []),
        ("█\n", []),
    ],
)
def test_what_is_alike(picture: str, paths: list[str]) -> None:
    assert [each.path for each in found_at(picture).chunks] == paths


def test_nearer_names_count_more() -> None:
    wanted = found_at("wall.colour()\norder.add(item)\n█\n").wanted
    assert wanted["order"] > wanted["wall"]


def test_what_is_shown() -> None:
    first, second = similar(found_at("order.add(item)\n█\n"))
    assert (first.path, second.path) == ("one.py", "two.py")
    assert (first.kind, first.reason) == ("similar", "uses the names around the cursor")
    assert first.text == FILES["one.py"].rstrip()


def shown_of(text: str) -> tuple[Excerpt, ...]:
    return similar(Alike({"order": 1.0}, (Chunk("a.py", 0, text, 1),)))


def test_the_lines_that_have_most_are_shown() -> None:
    (found,) = shown_of("x = 1\n" * 20 + "order.add()\norder.close()\n" + "y = 1\n" * 6)
    # Eight lines, the first of those that have as much.
    assert found.text.split("\n") == [*["x = 1"] * 6, "order.add()", "order.close()"]


def test_a_part_of_a_key_is_alike_but_not_shown() -> None:
    # The map takes only names of it that something defines.
    assert shown_of("order\n" + "a1B2" * 16 + "\n-----END RSA PRIVATE KEY-----\n") == ()

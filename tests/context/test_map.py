"""The map: names that are used in pieces alike are starts, whether the hole has them or not."""

from __future__ import annotations

import pytest

from fimls.context.graph import Graph
from fimls.context.map import Entry, ranked
from fimls.context.seeds import Seeds, seeds_of
from fimls.repository.facts import Chunk, RepoView
from tests.context.view import hole_in, view_with, window_of

FILES = {
    "a.py": "def send_bill(to): ...\n\ndef send_order(to): ...\n",
    "b.py": "def paint(wall): ...\n",
    # Two that define a name share what it gets.
    "c.py": "def twice(): ...\n",
    "d.py": "def twice(): ...\n",
}


def at(picture: str) -> tuple[RepoView, Seeds]:
    hole = hole_in("app.py", picture)
    view = view_with(FILES, hole)
    return view, seeds_of(view, hole, window_of(hole), ())


def pieces(*texts: str) -> tuple[Chunk, ...]:
    return tuple(Chunk(f"use{number}.py", 0, text, 9) for number, text in enumerate(texts))


def map_of(picture: str, *texts: str) -> tuple[Entry, ...]:
    view, seeds = at(picture)
    return ranked(view, seeds, 9, pieces(*texts))


@pytest.mark.parametrize(
    ("picture", "texts", "expected"),
    [
        # Nothing at the hole, nothing alike: no map.
        ("x = 1\n█\n", [], []),
        ("x = 1\n█\n", ["send_bill(wall)\n"], ["send_bill"]),
        # The likest first, and what is used more often before the rest of its piece.
        ("x = 1\n█\n", ["paint(wall)\n", "send_bill(to)\n"], ["paint", "send_bill"]),
        ("x = 1\n█\n", ["paint(send_bill(send_bill))\n"], ["send_bill", "paint"]),
        # What several pieces use adds up.
        (
            "x = 1\n█\n",
            ["paint(wall)\n", "send_bill(to)\n", "send_bill(to)\n"],
            ["send_bill", "paint"],
        ),
        # A name that the window shows is known.
        ("paint\n█\n", ["paint(wall)\nsend_bill(to)\n"], ["send_bill", "paint"]),
        # What nobody defines is none, and a name of two definitions counts for both.
        ("x = 1\n█\n", ["unheard_of(twice)\n"], ["twice", "twice"]),
    ],
)
def test_names_in_pieces_alike_are_starts(
    picture: str, texts: list[str], expected: list[str]
) -> None:
    assert [each.definition.name for each in map_of(picture, *texts)] == expected


def test_why_it_is_there() -> None:
    (found,) = map_of("x = 1\n█\n", "send_bill(wall)\n")
    assert found.reason == "used with what is named here"


@pytest.mark.parametrize(
    "counts",
    [
        {"send_bill": 1},
        {"send_bill": 4, "paint": 1, "twice": 2},
        # With what nobody defines.
        {"unheard_of": 9, "paint": 1},
    ],
)
def test_shares_add_up_to_one(counts: dict[str, int]) -> None:
    edges = list(Graph(*at("x = 1\n█\n")).used_alike([(counts, 1.0), (counts, 0.7)]))
    assert sum(share for _node, share in edges) == pytest.approx(1.0)


def test_names_of_nobody_lead_nowhere() -> None:
    assert list(Graph(*at("x = 1\n█\n")).used_alike([({"unheard_of": 1}, 1.0)])) == []

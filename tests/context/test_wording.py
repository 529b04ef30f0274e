"""Wording: which parts of names are spoken of near the hole, and what a name gains by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.context.window import Window
from fimls.context.wording import gain, spoken_of
from fimls.text.cleared import Cleared

# Weights as they are spoken of: of the hole's own line, and of others.
WEIGHTS = st.floats(min_value=0, max_value=1)


def spoken(picture: str) -> dict[str, float]:
    before, after = picture.split("█")
    return spoken_of(Window(Cleared(before), Cleared(after)))


@pytest.mark.parametrize(
    ("picture", "parts"),
    [
        # Both ways to write a name of several words, and words of comments too.
        ("open_order█\n", {"open", "order"}),
        ("openOrder█\n", {"open", "order"}),
        ("# Sends bills\n█\n", {"sends", "bills"}),
        # Capitals that stand together are one part, the last one may begin the next.
        ("parse_HTMLPage█\n", {"parse", "html", "page"}),
        ("MAX_SIZE█\n", {"max", "size"}),
        # Short parts and digits say nothing.
        ("is_ok(IO, x1, to_disk2)█\n", {"disk"}),
        # Also on the first line of a file, and below the hole.
        ("first█\n", {"first"}),
        ("█\nbelow\n", {"below"}),
        # Eight lines above with the hole's own, and three below.
        ("ninth\neighth" + "\n" * 7 + "█", {"eighth"}),
        ("█\n\nthird\nfourth", {"third"}),
        ("█\n", set()),
    ],
)
def test_what_is_spoken_of(picture: str, parts: set[str]) -> None:
    assert set(spoken(picture)) == parts


@pytest.mark.parametrize(
    ("picture", "more", "less"),
    [
        ("first\nsecond\n█\n", "second", "first"),
        ("█\nfirst\nsecond\n", "first", "second"),
        # The nearest line counts, above or below, not how often something is there.
        ("near\nfar far\n\nnear█\n", "near", "far"),
        ("near\nfar\n\n█\nnear\n", "near", "far"),
    ],
)
def test_the_nearest_line_counts(picture: str, more: str, less: str) -> None:
    assert spoken(picture)[more] > spoken(picture)[less]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # All of it is spoken of, a half, nothing, and by half as much.
        ("openOrder", 3.0),
        ("close_order", 2.0),
        ("paint", 1.0),
        ("bill", 2.0),
        # What has no part to compare gains nothing.
        ("id", 1.0),
        ("", 1.0),
    ],
)
def test_gain(name: str, expected: float) -> None:
    assert gain(name, {"open": 1.0, "order": 1.0, "bill": 0.5}) == expected


@given(st.text(), st.dictionaries(st.sampled_from(["open", "order", "html", "page"]), WEIGHTS))
def test_a_name_gains_three_times_at_the_most(name: str, weights: dict[str, float]) -> None:
    assert 1.0 <= gain(name, weights) <= 3.0
    assert 1.0 <= gain(f"{name}_openHTMLPage", weights) <= 3.0


@given(st.text(), st.text())
def test_weights_are_shares(above: str, below: str) -> None:
    found = spoken_of(Window(Cleared(above), Cleared(below)))
    assert all(0 < weight <= 1 and len(part) >= 3 for part, weight in found.items())

"""Worth: what scores more and takes less room is first; paths and headers are paid once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.context.map import Entry
from fimls.context.worth import by_worth
from fimls.repository.facts import Definition, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

FUNCTION, METHOD, CLASS, FIELD = Kind.FUNCTION, Kind.METHOD, Kind.CLASS, Kind.FIELD


def entry(
    name: str,
    score: float = 1.0,
    *,
    path: str = "a.py",
    kind: Kind = FUNCTION,
    container: str = "",
    chars: int = 20,
) -> Entry:
    """An entry with a signature of so many characters."""
    return Entry(Definition(name, kind, path, 0, "s" * chars, container=container), score, "why")


def check_order(ranking: list[Entry], expected: str, spoken: Mapping[str, float]) -> None:
    found = by_worth(ranking, spoken)
    assert " ".join(each.name for each in found) == expected


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ([], ""),
        # By score, equal ones in the order of the ranking.
        ([entry("one"), entry("two", 2), entry("three")], "two one three"),
        # What is short is first, though not where the long one matters far more.
        ([entry("long", chars=50), entry("short")], "short long"),
        ([entry("short"), entry("long", 9, chars=50)], "long short"),
        # Longer ones are cut, so that they take the same room; a variable's value is cut sooner.
        ([entry("longest", chars=200), entry("long", chars=60)], "longest long"),
        (
            [entry("function", chars=60), entry("field", kind=FIELD, chars=60)],
            "field function",
        ),
        # The path is paid by the first entry below it: the others are cheaper than the rest then.
        (
            [entry("one", 2), entry("far", 1.3, path="b.py"), entry("two", 1.2)],
            "one two far",
        ),
        # A long path costs more than a short one.
        ([entry("deep", path="a/b/c/d.py"), entry("flat", path="b.py")], "flat deep"),
        # The header of a class is paid once as well, by the class itself or by its first member.
        (
            [
                entry("Shop", 9, kind=CLASS),
                entry("alone", 1),
                entry("price", 1.1, kind=FIELD, container="Shop"),
            ],
            "Shop price alone",
        ),
        (
            [
                entry("buy", 9, kind=METHOD, container="Shop"),
                entry("sell", kind=FIELD, container="Bank"),
                entry("price", kind=FIELD, container="Shop"),
            ],
            "buy price sell",
        ),
        # A class of that name in another file has a header of its own.
        (
            [
                entry("Shop", 90, kind=CLASS, path="b.py"),
                entry("one", 9),
                entry("price", 1.1, kind=FIELD, container="Shop"),
                entry("alone", 1),
            ],
            "Shop one alone price",
        ),
        # Members are what stands behind a dot, and they bring their class.
        (
            [entry("Shop", kind=CLASS), entry("open"), entry("sell", kind=METHOD)],
            "sell open Shop",
        ),
    ],
)
def test_the_order(ranking: list[Entry], expected: str) -> None:
    check_order(ranking, expected, {})


def test_what_is_spoken_of_is_first() -> None:
    check_order([entry("paint"), entry("open_order")], "open_order paint", {"order": 1.0})
    check_order([entry("paint", 9), entry("open_order")], "paint open_order", {"order": 1.0})


ENTRIES = st.builds(
    entry,
    st.sampled_from(["Shop", "buy", "sell", "price"]),
    st.floats(min_value=0, max_value=9),
    path=st.sampled_from(["a.py", "b.py"]),
    kind=st.sampled_from(list(Kind)),
    container=st.sampled_from(["", "Shop", "buy"]),
    chars=st.integers(min_value=0, max_value=99),
)


@given(st.lists(ENTRIES))
def test_each_is_there_once(ranking: list[Entry]) -> None:
    found = by_worth(ranking, {"price": 0.5})
    assert sorted(found) == sorted(each.definition for each in ranking)


@given(st.lists(ENTRIES, min_size=1))
def test_more_score_brings_nothing_further_down(ranking: list[Entry]) -> None:
    # The definitions are told apart by their lines.
    numbered = [
        each._replace(definition=each.definition._replace(line=line))
        for line, each in enumerate(ranking)
    ]
    last = by_worth(numbered, {})[-1]
    better = [
        each._replace(score=each.score + 1) if each.definition == last else each
        for each in numbered
    ]
    assert by_worth(better, {}).index(last) <= by_worth(numbered, {}).index(last)

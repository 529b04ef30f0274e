"""The walk from the seeds: near before far, what is too little is not carried on."""

from __future__ import annotations

import pytest

from fimls.context.push import pushed

CHAIN = {"a": [("b", 1.0)], "b": [("c", 1.0)], "c": [("d", 1.0)], "d": []}


def walked(
    graph: dict[str, list[tuple[str, float]]], *, least: float = 1e-6, most_steps: int = 1000
) -> dict[str, float]:
    seeds = {"a": 1.0}
    return pushed(seeds, lambda node: graph[node], restart=0.5, least=least, most_steps=most_steps)


def test_what_is_near_has_more() -> None:
    rank = walked(CHAIN)
    assert rank == pytest.approx({"a": 0.5, "b": 0.25, "c": 0.125, "d": 0.0625})


def test_a_circle_ends() -> None:
    rank = walked({"a": [("b", 1.0)], "b": [("a", 1.0)]})
    assert sum(rank.values()) == pytest.approx(1.0, abs=1e-4)
    assert rank["a"] > rank["b"]


def test_little_is_not_carried_on() -> None:
    assert set(walked(CHAIN, least=0.3)) == {"a", "b", "c"}


def test_there_is_an_end_of_steps() -> None:
    assert set(walked(CHAIN, most_steps=1)) == {"a", "b"}


def test_nothing_comes_of_nothing() -> None:
    assert pushed({}, lambda _node: (), restart=0.5, least=0.1, most_steps=9) == {}

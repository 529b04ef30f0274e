"""Personalised PageRank by local push: only what is near the seeds is ever looked at.

Andersen, Chung, Lang: "Local Graph Partitioning using PageRank Vectors" (FOCS 2006).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_Node = TypeVar("_Node")


def pushed(
    seeds: Mapping[_Node, float],
    edges: Callable[[_Node], Iterable[tuple[_Node, float]]],
    *,
    restart: float,
    least: float,
    most_steps: int,
) -> dict[_Node, float]:
    """How much of a walk from the seeds is spent at each node, for seeds that add up to 1.

    `edges` gives a node's neighbours with shares that add up to 1 at the most.  A walk starts anew
    with the chance `restart`; what is under `least` at a node stays there.  The order of nodes and
    sums is fixed by the order of the seeds and edges, so the same input gives the same figures.
    """
    rank: dict[_Node, float] = {}
    waiting = dict(seeds)
    queue = deque(node for node, mass in waiting.items() if mass > least)
    queued = set(queue)
    for _step in range(most_steps):
        if not queue:
            break
        node = queue.popleft()
        queued.discard(node)
        mass = waiting.pop(node)
        rank[node] = rank.get(node, 0.0) + restart * mass
        for target, share in edges(node):
            rest = waiting.get(target, 0.0) + (1 - restart) * mass * share
            waiting[target] = rest
            if rest > least and target not in queued:
                queue.append(target)
                queued.add(target)
    for node, mass in waiting.items():
        rank[node] = rank.get(node, 0.0) + restart * mass
    return rank

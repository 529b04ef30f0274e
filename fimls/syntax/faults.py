"""Faults: the places at which a parser found a text wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

# Visiting a node takes 0.3-0.4 µs, so this is about 2 ms.  Where more nodes than that are in
# question the parser has lost its way, and its faults say little (measured: an opened bracket in
# the middle of 2,000 lines of Python leaves 2,800 nodes to visit, in 20,000 lines 19,000).
_MOST_NODES: Final = 6000


class Fault(NamedTuple):
    """Something wrong: `kind` tells what, `start` and `end` are bytes (the same if missing)."""

    kind: str
    start: int
    end: int


def faults_below(root: Node) -> tuple[Fault, ...] | None:
    """All faults of a tree in the order of its text; None where there are too many to tell.

    Only nodes that have a fault in them are entered, which is what makes this cheap.
    """
    found: list[Fault] = []
    seen = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not node.has_error:
            continue
        if node.is_error or node.is_missing:
            kind = f"missing {node.type}" if node.is_missing else "error"
            found.append(Fault(kind, node.start_byte, node.end_byte))
        seen += node.child_count
        if seen > _MOST_NODES:
            return None
        waiting += reversed(node.children)
    return tuple(found)

"""Where a file may be masked: statements, blocks and spans, told from its syntax tree."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.syntax.kinds import COMMENTS, STRINGS
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tree_sitter import Node

    from fimls.syntax.tree import Tree

# What a model may be asked to say at once.
_MOST_LINES: Final = 12

# A span that is shorter says nothing.
_LEAST_SPAN_CHARS: Final = 4

# Nodes that are looked at in a file at the most.
_MOST_NODES: Final = 20_000

Hole = tuple[int, int]


def statements(tree: Tree) -> Iterator[Hole]:
    """What has a line for itself, without the indentation that the cursor stands behind."""
    for node in _code(tree):
        if _lines(node) == 1 and _is_alone(node, tree):
            yield _offsets(node, tree)


def blocks(tree: Tree) -> Iterator[Hole]:
    """What has a few lines for itself."""
    for node in _code(tree):
        if 1 < _lines(node) <= _MOST_LINES and _is_alone(node, tree):
            yield _offsets(node, tree)


def spans(tree: Tree) -> Iterator[Hole]:
    """What stands within a line, behind something else, with the rest of the line after it."""
    for node in _code(tree):
        start, end = _offsets(node, tree)
        before = tree.text[line_start(tree.text, start) : start]
        if _lines(node) == 1 and end - start >= _LEAST_SPAN_CHARS and before.strip():
            yield start, end


HOLES: Final[Mapping[str, Callable[[Tree], Iterator[Hole]]]] = MappingProxyType(
    {"statement": statements, "block": blocks, "span": spans}
)
"""By the kind of the hole, all of that kind in a tree: where each begins and ends (offsets)."""


def _code(tree: Tree) -> Iterator[Node]:
    """The named nodes of a tree that are code and have code within."""
    waiting = list(tree.root.named_children)
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if node.type not in COMMENTS:
            yield node
        if node.type not in STRINGS | COMMENTS:
            waiting += node.named_children


def _lines(node: Node) -> int:
    return node.end_point[0] - node.start_point[0] + 1


def _offsets(node: Node, tree: Tree) -> Hole:
    """Where a node begins and ends, without the blanks and line ends that some end with."""
    start, end = tree.offset(node.start_byte), tree.offset(node.end_byte)
    return start, start + len(tree.text[start:end].rstrip())


def _is_alone(node: Node, tree: Tree) -> bool:
    """Whether nothing but blanks stands before a node and after it, on its lines."""
    start, end = _offsets(node, tree)
    before = tree.text[line_start(tree.text, start) : start]
    after = tree.text[end : tree.text.find("\n", end) % (len(tree.text) + 1)]
    return not before.strip() and not after.strip() and end > start

"""Ways from one node to others, as the tables of outlines write them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

_SELF: Final = "."
_DECLARATOR: Final = "declarator"

# Patterns that bind several names at once.
_PATTERNS: Final = frozenset({"pattern_list", "tuple_pattern", "left_assignment_list"})

# `int (*callback)(int)` is a variable, however much it looks like a function.
_PARENTHESES: Final = "parenthesized_declarator"

_FUNCTION: Final = "function_declarator"


def led_to(node: Node, way: str) -> list[Node]:
    """The nodes at the end of a way, in their order."""
    for steps in _steps(way):
        found = _reached(node, steps)
        if found:
            return found
    return []


def first(node: Node, way: str) -> Node | None:
    """The first node at the end of a way."""
    for steps in _steps(way):
        found = _near(node, steps[0]) if len(steps) == 1 else None
        if found is not None:
            return found
        reached = _reached(node, steps)
        if reached:
            return reached[0]
    return None


def is_function_declared(node: Node) -> bool:
    """Whether a declaration of C declares a function, and no variable."""
    declarator = node.child_by_field_name(_DECLARATOR)
    while declarator is not None:
        if declarator.type == _FUNCTION:
            inner = declarator.child_by_field_name(_DECLARATOR)
            return inner is None or inner.type != _PARENTHESES
        declarator = _inner(declarator)
    return False


@cache
def _steps(way: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.split("/")) for each in way.split("|") if each)


def _reached(node: Node, steps: Sequence[str]) -> list[Node]:
    found = [node]
    for step in steps:
        found = [there for here in found for there in _step(here, step)]
    return found


def _near(node: Node, step: str) -> Node | None:
    """The first node at the end of the commonest of ways, one field: half the index asks this."""
    if step == _DECLARATOR:
        return None
    child = node.child_by_field_name(step)
    return None if child is None or child.type in _PATTERNS else child


def _step(node: Node, step: str) -> list[Node]:
    if step == _SELF:
        return [node]
    found = node.children_by_field_name(step)
    if step == _DECLARATOR and found:
        return [_innermost(each) for each in found]
    found = found or [child for child in node.children if child.type == step]
    return [name for each in found for name in _bound(each)]


def _bound(node: Node) -> list[Node]:
    return node.named_children if node.type in _PATTERNS else [node]


def _innermost(declarator: Node) -> Node:
    inner = _inner(declarator)
    while inner is not None:
        declarator, inner = inner, _inner(inner)
    # `Foo::bar` is one name.
    return declarator


def _inner(declarator: Node) -> Node | None:
    """What a declarator of C declares in turn; references and parentheses do not name it."""
    inner = declarator.child_by_field_name(_DECLARATOR)
    if inner is None and declarator.type in {_PARENTHESES, "reference_declarator"}:
        return next(iter(declarator.named_children), None)
    return inner

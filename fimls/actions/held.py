"""The lines of some code that must keep their indentation: what is within a string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.syntax.kinds import NOT_STRINGS, STRINGS
from fimls.syntax.tree import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

# Grammars whose strings are indented with the code around them: there the compiler, or the reader,
# takes the common indentation away.
_MOVING: Final = frozenset({"java", "yaml", "toml", "html", "css"})

# Where it ends, a shell looks for the very line.
_HEREDOCS: Final = frozenset({"heredoc_body", "heredoc_end"})


def held_rows(code: str, grammar: str | None) -> frozenset[int]:
    """The lines (from 0) that begin within a string, documentation strings excepted."""
    if grammar in _MOVING or not any(mark in code for mark in ('"', "'", "`", "<<", "r#")):
        return frozenset()
    tree = parse(code, grammar)
    if tree is None:
        return frozenset()
    return frozenset(_rows_below(tree.root, tree.grammar))


def _rows_below(root: Node, grammar: str) -> Iterator[int]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        first, last = node.start_point[0], node.end_point[0]
        if node.type in _HEREDOCS:
            yield from range(first, last + (node.end_point[1] > 0))
        elif first == last:
            continue
        elif _is_string(node, grammar):
            if not _is_documentation(node):
                yield from range(first + 1, last + 1)
        else:
            waiting += node.children


def _is_string(node: Node, grammar: str) -> bool:
    return node.type in STRINGS and node.type not in NOT_STRINGS.get(grammar, ())


def _is_documentation(node: Node) -> bool:
    """Whether a string stands for itself, so that nobody reads its indentation."""
    return node.parent is not None and node.parent.type == "expression_statement"

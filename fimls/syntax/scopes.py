"""What an offset stands in: code, a comment, or a string."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.syntax.kinds import (
    BLOCK_COMMENTS,
    COMMENTS,
    INTERPOLATIONS,
    LINE_COMMENTS,
    LONG_QUOTES,
    NO_APOSTROPHES,
    NOT_STRINGS,
    STRINGS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from fimls.syntax.tree import Tree

# A string within one line, finished or not.
_STRING: Final = re.compile(r"""(["'`])(?:\\.|(?!\1)[^\\])*(\1)?""")


class Kind(StrEnum):
    """What a place in a text is part of."""

    CODE = "code"
    COMMENT = "comment"
    STRING = "string"


def kind_at(tree: Tree, offset: int) -> Kind:
    """What text typed at an offset would be part of.

    The end of a line comment's line is in the comment; the ends of a finished block comment and
    of a finished string are outside.  Code within a string, as in an f-string's braces, is code.
    """
    byte = tree.byte(offset)
    for node in _around(tree, byte):
        if node.type in COMMENTS and _is_in_comment(node, byte, tree):
            return Kind.COMMENT
        if _is_string(node, tree) and _is_in_string(node, byte):
            return Kind.STRING
        if node.type in INTERPOLATIONS and byte < node.end_byte:
            return Kind.CODE
        if node.is_error or (node.has_error and node.parent is not None):
            # What is unfinished has no node of its own.
            return _kind_by_text(tree, offset)
    return _kind_by_text(tree, offset) if _is_line_broken(tree, offset) else Kind.CODE


def _around(tree: Tree, byte: int) -> Iterator[Node]:
    """The nodes that the character before a byte is part of, innermost first."""
    node = tree.root.descendant_for_byte_range(byte - 1, byte) if byte else None
    while node is not None:
        yield node
        node = node.parent


def _is_in_comment(node: Node, byte: int, tree: Tree) -> bool:
    if byte < node.end_byte:
        return True
    text = tree.source[node.start_byte : node.end_byte].decode(errors="replace")
    # Some grammars count the LF to the comment.
    return not text.endswith("\n") and not any(
        text.startswith(begin) and text.rstrip().endswith(end) for begin, end in BLOCK_COMMENTS
    )


def _is_string(node: Node, tree: Tree) -> bool:
    if node.type not in STRINGS or node.type in NOT_STRINGS.get(tree.grammar, ()):
        return False
    return not tree.source[node.start_byte : node.start_byte + 1].isdigit()


def _is_in_string(node: Node, byte: int) -> bool:
    if byte < node.end_byte:
        return True
    # A YAML block goes on with its next line; other strings do where their end is missing.
    last = node.child(node.child_count - 1) if node.child_count else None
    return node.type == "block_scalar" or (last is not None and last.is_missing)


def _is_line_broken(tree: Tree, offset: int) -> bool:
    """Whether the parser found fault with the line up to an offset, or with too much to tell."""
    if tree.faults is None:
        return True
    start, end = tree.byte(tree.text.rfind("\n", 0, offset) + 1), tree.byte(offset)
    return any(fault.start <= end and fault.end >= start for fault in tree.faults)


def _kind_by_text(tree: Tree, offset: int) -> Kind:
    """The kind of a place in a text that does not parse, by quotes and comment marks."""
    before = tree.text[:offset]
    if any(before.count(quote) % 2 for quote in LONG_QUOTES.get(tree.grammar, ())):
        return Kind.STRING
    if _mark_of(tree) == "//" and before.rfind("/*") > before.rfind("*/"):
        return Kind.COMMENT
    line = before[before.rfind("\n") + 1 :]
    # A lifetime, and a word of prose, have apostrophes that are no quotes.
    blind = line.replace("'", " ") if tree.grammar in NO_APOSTROPHES else line
    return _kind_in_line(blind, _mark_of(tree))


def _mark_of(tree: Tree) -> str:
    return LINE_COMMENTS.get(tree.grammar, "")


def _kind_in_line(line: str, mark: str) -> Kind:
    """The kind of the end of a line that begins as code."""
    at = 0
    while at < len(line):
        if mark and line.startswith(mark, at):
            return Kind.COMMENT
        string = _STRING.match(line, at)
        if string is not None and string.group(2) is None:
            return Kind.STRING
        at = string.end() if string is not None else at + 1
    return Kind.CODE

"""What an offset stands in: code, a comment, or a string."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from fimls.syntax.tree import Tree
    from fimls.text.language import Language

# No person writes longer lines, and each quote of a generated one takes its time.
_MOST_LINE_CHARS: Final = 4000

# The comments of grammars that have none which end with their line.
_BLOCK_COMMENTS: Final = {"css": ("/*", "*/"), "html": ("<!--", "-->")}

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
            return _kind_by_marks(tree.text, offset, _marks_of(tree.grammar))
    if _is_line_broken(tree, offset):
        return _kind_by_marks(tree.text, offset, _marks_of(tree.grammar))
    return Kind.CODE


def kind_in_text(text: str, offset: int, language: Language) -> Kind:
    """As `kind_at`, for a text that has no tree, by quotes and comment marks."""
    return _kind_by_marks(text, offset, _marks_of_language(language))


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
    """Whether the parser found fault with the line up to an offset.

    Only what touches these bytes is looked at: all faults of a broken text may take 2 ms to tell.
    """
    start, end = tree.byte(line_start(tree.text, offset)), tree.byte(offset)
    cursor = tree.root.walk()
    while (node := cursor.node) is not None and node.start_byte <= end:
        if node.is_error or node.is_missing:
            return True
        if node.has_error and cursor.goto_first_child_for_byte(start) is not None:
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
    return False


@dataclass(frozen=True, slots=True)
class _Marks:
    """By what a text shows its comments and strings; `""` and `()` for nothing of that kind."""

    line_comment: str
    block_comment: tuple[str, str] | None
    long_quotes: tuple[str, ...]
    quotes: str


def _marks_of(grammar: str) -> _Marks:
    line = LINE_COMMENTS.get(grammar, "")
    block = ("/*", "*/") if line == "//" else _BLOCK_COMMENTS.get(grammar)
    quotes = '"`' if grammar in NO_APOSTROPHES else "\"'`"
    return _Marks(line, block, LONG_QUOTES.get(grammar, ()), quotes)


def _marks_of_language(language: Language) -> _Marks:
    if language.grammar is not None:
        return _marks_of(language.grammar)
    # An apostrophe is a quote in some of the languages without a grammar, part of a name or a word
    # in others, and in all of them there are other quotes.
    quotes = "" if language.prose else '"`'
    return _Marks(language.line_comment or "", language.block_comment, (), quotes)


def _kind_by_marks(text: str, offset: int, marks: _Marks) -> Kind:
    if any(text.count(quote, 0, offset) % 2 for quote in marks.long_quotes):
        return Kind.STRING
    if marks.block_comment is not None:
        begin, end = marks.block_comment
        if text.rfind(begin, 0, offset) > text.rfind(end, 0, offset):
            return Kind.COMMENT
    start = line_start(text, offset)
    if offset - start > _MOST_LINE_CHARS:
        return Kind.CODE
    return _kind_in_line(text[start:offset], marks)


def _kind_in_line(line: str, marks: _Marks) -> Kind:
    """The kind of the end of a line that begins as code."""
    # A lifetime, and a word of prose, have apostrophes that are no quotes.
    blind = "".join(each if each in marks.quotes else " " for each in "\"'`")
    plain = line.translate(str.maketrans("\"'`", blind))
    mark, at = marks.line_comment, 0
    for string in _STRING.finditer(plain):
        if mark and mark in line[at : string.start()]:
            return Kind.COMMENT
        if string.group(2) is None:
            return Kind.STRING
        at = string.end()
    return Kind.COMMENT if mark and mark in line[at:] else Kind.CODE

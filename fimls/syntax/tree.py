"""Trees: a text and how it parses, made quickly from the tree of a text that is nearly the same."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.syntax.faults import Fault, faults_below
from fimls.syntax.grammars import parser_of
from fimls.syntax.offsets import Offsets
from fimls.syntax.reading import Reading
from fimls.text.sharing import shared, shared_end

if TYPE_CHECKING:
    from tree_sitter import Node, Parser
    from tree_sitter import Tree as ParsedTree

    from fimls.syntax.effort import Effort

# Blanks before a change that are looked through at the most: some lines, and their indentation.
_MOST_BLANKS: Final = 400

# The bytes of a character after its first one begin with the bits 10.
_CONTINUATION_MASK: Final = 0xC0
_CONTINUATION: Final = 0x80


class Tree:
    """A text and its syntax tree; made by `parse` and `splice`, and never changed.

    `text` is the text, `source` the same as UTF-8, `grammar` a name of `GRAMMARS`, `parsed` what
    tree-sitter made of it.  Nodes count in bytes: `byte` and `offset` convert.
    """

    def __init__(self, text: str, source: bytes, grammar: str, parsed: ParsedTree) -> None:
        self.text: Final = text
        self.source: Final = source
        self.grammar: Final = grammar
        self.parsed: Final = parsed

    @property
    def root(self) -> Node:
        """The node of the whole text."""
        return self.parsed.root_node

    @cached_property
    def faults(self) -> tuple[Fault, ...] | None:
        """What is wrong with the text, in its order; None where there is too much to tell."""
        return faults_below(self.root)

    def byte(self, offset: int) -> int:
        """The byte at which the character at an offset begins; clamped to the text."""
        return self._offsets.byte(offset)

    def offset(self, byte: int) -> int:
        """The offset of the character that a byte is part of; clamped to the text."""
        return self._offsets.offset(byte)

    @cached_property
    def _offsets(self) -> Offsets:
        return Offsets(self.text, self.source)


def parse(
    text: str, grammar: str | None, previous: Tree | None = None, effort: Effort | None = None
) -> Tree | None:
    """The tree of a text; None where there is no grammar, or where `effort` does not suffice.

    `previous` is the tree of an earlier text.  Where it has the same grammar only what has changed
    since is parsed, for which nobody needs to have tracked the edits.  Without `effort` there is no
    deadline.
    """
    parser = parser_of(grammar)
    if parser is None or grammar is None:
        return None
    source = text.encode(errors="replace")
    old = earlier(previous, grammar, source)
    parsed = _parsed(parser, source, old, effort)
    return None if parsed is None else Tree(text, source, grammar, parsed)


def earlier(previous: Tree | None, grammar: str, source: bytes) -> ParsedTree | None:
    """What a parser may take over from the tree of an earlier text for that of a new one."""
    if previous is None or previous.grammar != grammar:
        return None
    return _edited(previous, _changed(previous.source, source), source)


def splice(
    before: Tree, start: int, end: int, text: str, effort: Effort | None = None
) -> Tree | None:
    """The tree of a text with `text` in place of what stands from `start` up to `end` (offsets).

    None where `effort` does not suffice.
    """
    parser = parser_of(before.grammar)
    if parser is None:
        return None
    first, last, inserted = before.byte(start), before.byte(end), text.encode(errors="replace")
    source = before.source[:first] + inserted + before.source[last:]
    old = _edited(before, _Change(first, last, first + len(inserted)), source)
    parsed = _parsed(parser, source, old, effort)
    if parsed is None:
        return None
    whole = before.text[:start] + text + before.text[end:]
    return Tree(whole, source, before.grammar, parsed)


def is_sound_with(before: Tree, start: int, end: int, text: str, effort: Effort) -> bool | None:
    """Whether nothing is wrong with a text that has `text` from `start` to `end` (offsets).

    As quick as it can be told: the parser is stopped where it has met the first fault.  None where
    `effort` does not suffice.
    """
    parser = parser_of(before.grammar)
    if parser is None:
        return None
    first, last, inserted = before.byte(start), before.byte(end), text.encode(errors="replace")
    source = before.source[:first] + inserted + before.source[last:]
    old = _edited(before, _Change(first, last, first + len(inserted)), source)
    reading = Reading(source, effort, ends_at_fault=True)
    parsed = _read(parser, reading, old)
    if parsed is not None:
        return not parsed.root_node.has_error
    return False if reading.has_fault else None


class _Change(NamedTuple):
    """One changed span in bytes: from `start` to `old_end` before, to `new_end` after."""

    start: int
    old_end: int
    new_end: int


def _parsed(
    parser: Parser, source: bytes, old: ParsedTree | None, effort: Effort | None
) -> ParsedTree | None:
    if effort is None:
        return parser.parse(source) if old is None else parser.parse(source, old)
    return _read(parser, Reading(source, effort), old)


def _read(parser: Parser, reading: Reading, old: ParsedTree | None) -> ParsedTree | None:
    """Parses until it is done, or over: None, and nothing is left of it."""
    parsed = reading.parse(parser, old)
    if parsed is None:
        parser.reset()
    return parsed


def _edited(tree: Tree, change: _Change, source: bytes) -> ParsedTree:
    """A copy of a parsed tree that knows which part of it is no longer true.

    What it is told begins with the last visible character before the change.  A grammar whose own
    scanner keeps book of indentation does not find its way back else: after a line more in a body
    of Python's everything below was parsed anew (470 callbacks in 2,000 lines instead of 62).
    """
    parsed = tree.parsed.copy()
    start = _visible_before(tree.source, change.start)
    parsed.edit(
        start,
        change.old_end,
        change.new_end,
        _point(tree.source, start),
        _point(tree.source, change.old_end),
        _point(source, change.new_end),
    )
    return parsed


def _visible_before(source: bytes, byte: int) -> int:
    """The begin of the last visible character before a byte, or at least of blanks before it."""
    nearest = max(0, byte - _MOST_BLANKS)
    start = max(nearest, nearest + len(source[nearest:byte].rstrip()) - 1)
    while start and _is_continuation(source, start):
        start -= 1
    return start


def _point(source: bytes, byte: int) -> tuple[int, int]:
    """The line, and the byte in it, of a byte."""
    return source.count(b"\n", 0, byte), byte - (source.rfind(b"\n", 0, byte) + 1)


def _changed(old: bytes, new: bytes) -> _Change:
    """The smallest span in which two sources differ, widened to whole characters."""
    start = shared(old, new)
    while start and _is_continuation(old, start):
        start -= 1
    tail = shared_end(old, new, min(len(old), len(new)) - start)
    while tail and _is_continuation(old, len(old) - tail):
        tail -= 1
    return _Change(start, len(old) - tail, len(new) - tail)


def _is_continuation(source: bytes, byte: int) -> bool:
    return byte < len(source) and source[byte] & _CONTINUATION_MASK == _CONTINUATION

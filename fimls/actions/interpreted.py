"""What an interpreter says of a program that its grammar lets pass."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.syntax.kinds import COMMENTS
from fimls.text.line_bounds import line_end, line_number, line_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from fimls.syntax.tree import Tree

    Span = tuple[int, int]

# What it says of a function that is nothing but its head, and comments: code is just what it lacks.
_NO_BODY: Final = "expected an indented block"

_LINE: Final = re.compile(r"\bline (\d+)")

_INTERPRETED: Final = "python"


def errors_of_interpreter(
    before: Tree, after: Tree, replaced: Sequence[Span], made: Sequence[Span]
) -> tuple[str, ...]:
    """What Python's own parser says of a text, if it had nothing to say of the one before.

    `replaced` is where edits change the text before, `made` where they are in the one after, one
    for the other (offsets).  Only the statements of the outermost level around them are read: a
    whole file takes 30 ms for 2,000 lines.  That a body was missing before does not count.  The
    grammar reads any indentation without an error, which Python refuses.  Other languages are not
    told about here.  Nothing is run.
    """
    if after.grammar != _INTERPRETED:
        return ()
    pairs = zip(replaced, made, strict=True)
    found = (_new_error(_piece(before, old), _piece(after, new)) for old, new in pairs)
    return tuple(error for error in found if error)[:1]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Whole lines of a text, from `first` (from 1) on; those from `start` to `end` are changed."""

    text: str
    first: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Error:
    """The first thing that is wrong with a text."""

    line: int
    words: str
    is_no_body: bool


def _new_error(before: _Piece, after: _Piece) -> str:
    error = _error_of(after)
    if error is None:
        return ""
    had = _error_of(before)
    is_in_it = after.start <= error.line <= after.end
    is_new = had is None or (had.is_no_body and not error.is_no_body and is_in_it)
    return f"Line {error.line}: {error.words}" if is_new else ""


def _piece(tree: Tree, span: Span) -> _Piece:
    """The statements around a span, and one more on either side; all where they are indented."""
    text = tree.text
    first, last = (tree.byte(each) for each in span)
    children = [child for child in tree.root.children if child.type not in COMMENTS]
    own = [at for at, each in enumerate(children) if _touches(each, first, last)]
    beside = _beside(children, first) if not own else (own[0] - 1, own[-1] + 1)
    near = children[max(0, beside[0]) : beside[1] + 1]
    start = min([span[0], *(tree.offset(each.start_byte) for each in near[:1])])
    start = line_start(text, start)
    end = max([span[1], *(tree.offset(each.end_byte) for each in near[-1:])])
    numbers = (line_number(text, each) for each in (start, *span))
    found = _Piece(text[start : line_end(text, end)], *numbers)
    if not found.text[:1].isspace() or not found.text.strip():
        return found
    return replace(found, text=text, first=1)


def _touches(node: Node, first: int, last: int) -> bool:
    return node.start_byte <= last and node.end_byte >= first


def _beside(children: Iterable[Node], byte: int) -> Span:
    """The last statement before a place, and the first one after it."""
    before = sum(child.end_byte <= byte for child in children)
    return before - 1, before


def _error_of(piece: _Piece) -> _Error | None:
    try:
        with warnings.catch_warnings():
            # A backslash that means nothing is no reason to refuse a text.
            warnings.simplefilter("ignore")
            ast.parse(piece.text)
    except SyntaxError as error:
        lines = piece.text.split("\n")
        number = min(max(error.lineno or 1, 1), len(lines))
        # Of other lines it says the numbers in its words.
        said = _LINE.sub(lambda found: f"line {int(found[1]) + piece.first - 1}", error.msg)
        words = f"{said} in `{lines[number - 1].strip()}`."
        return _Error(piece.first + number - 1, words, error.msg.startswith(_NO_BODY))
    except (ValueError, RecursionError, MemoryError):
        # It is too deep, or has characters that no program has; the grammar has had its say.
        return None
    return None

"""What is there for an action to work on: selection, scopes, diagnostics and instruction.

All of it is read off one text and its tree, so the same place always gives the same prompt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.actions.definitions import Definition, enclosing
from fimls.actions.instruction import Instruction, instruction_at
from fimls.text.line_bounds import line_end, line_number, line_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node

    from fimls.syntax.tree import Tree
    from fimls.text.language import Language


@dataclass(frozen=True, slots=True)
class Selection:
    """A range of a text (offsets); `first_line` and `last_line` are those it touches, from 1."""

    start: int
    end: int
    text: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a tool has found wrong with a range (offsets); `code` and `source` are "" for none."""

    start: int
    end: int
    message: str
    source: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """All that an action is made from.

    `scopes` are the definitions that the selection lies in, innermost first; `diagnostics` those
    that touch it; `calls` the names that it calls, in order, each once.
    """

    text: str
    language: Language
    path: str
    selection: Selection
    scopes: tuple[Definition, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    instruction: Instruction | None = None
    calls: tuple[str, ...] = ()


_CALLS: Final = frozenset(
    {
        *("call", "call_expression", "method_invocation", "function_call", "invocation_expression"),
        *("new_expression", "object_creation_expression", "command", "macro_invocation"),
        *("member_call_expression", "function_call_expression", "invocation"),
    }
)

# What the called name is in, in the grammars' words.
_CALLED: Final = ("function", "name", "method", "constructor", "type", "macro")

# Nodes that a diagnostic is widened to.
_STATEMENTS: Final = ("statement", "declaration", "definition", "_item", "assignment", "command")

# What has other statements in it: of these only the lines found fault with are changed.
_COMPOUND: Final = re.compile(
    r"(?:^|_)(?:if|for|while|loop|try|with|switch|case|match|function|method|class|impl|trait"
    r"|struct|enum|mod|interface|namespace|constructor|compound)(?:_|$)"
)

# Nodes whose children are statements, whatever these are called.
_BODIES: Final = frozenset(
    {"module", "program", "source_file", "block", "statement_block", "declaration_list", "chunk"}
)


def collect(
    text: str,
    language: Language,
    tree: Tree | None,
    start: int,
    end: int,
    *,
    path: str = "",
    diagnostics: Iterable[Diagnostic] = (),
) -> Material:
    """What is there at a range (offsets) of a text (LF line ends).

    Without a tree there are no scopes and no calls, and documentation strings are not told.
    """
    return Material(
        text=text,
        language=language,
        path=path,
        selection=selected(text, start, end),
        scopes=() if tree is None else enclosing(tree, start, end),
        diagnostics=tuple(each for each in diagnostics if each.start <= end and start <= each.end),
        instruction=instruction_at(text, language, tree, start, end),
        calls=()
        if tree is None or start == end
        else tuple(dict.fromkeys(_calls(tree, start, end))),
    )


def selected(text: str, start: int, end: int) -> Selection:
    """The selection of a range, whichever way round it is given, clamped to the text."""
    first, last = sorted(min(max(each, 0), len(text)) for each in (start, end))
    # One that ends at the begin of a line does not touch it.
    until = last - 1 if last > first and text[last - 1] == "\n" else last
    numbers = line_number(text, first), line_number(text, until)
    return Selection(first, last, text[first:last], *numbers)


def lines_to_fix(
    text: str, tree: Tree | None, diagnostics: Sequence[Diagnostic]
) -> tuple[int, int]:
    """The range of whole lines that a fix may change: those found fault with, or the smallest
    statement around them (offsets, without the last line's end)."""
    start, end = min(each.start for each in diagnostics), max(each.end for each in diagnostics)
    if tree is not None:
        node = tree.root.descendant_for_byte_range(tree.byte(start), tree.byte(end))
        while node is not None and not _is_statement(node):
            node = node.parent
        if node is not None and node.parent is not None and not _COMPOUND.search(node.type):
            start = min(start, tree.offset(node.start_byte))
            end = max(end, tree.offset(node.end_byte))
    end = end - 1 if end > start and text[end - 1 : end] == "\n" else end
    return line_start(text, start), line_end(text, end)


def _is_statement(node: Node) -> bool:
    if node.type.endswith(_STATEMENTS) and node.is_named and node.type != "test_command":
        return True
    return node.parent is not None and node.parent.type in _BODIES


def _calls(tree: Tree, start: int, end: int) -> Iterator[str]:
    """The names that a range calls, without what they are called on."""
    first, last = tree.byte(start), tree.byte(end)
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= first or node.start_byte >= last:
            continue
        if node.type in _CALLS and node.start_byte >= first:
            name = _called(node)
            if name:
                yield name
        waiting += reversed(node.children)


def _called(node: Node) -> str:
    found = next((each for each in map(node.child_by_field_name, _CALLED) if each), None)
    while found is not None and found.child_count:
        found = found.child(found.child_count - 1)
    return found.text.decode(errors="replace") if found is not None and found.text else ""

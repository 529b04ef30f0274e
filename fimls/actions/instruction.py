"""The comment at the cursor as an instruction: what it says, and where the code for it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.actions.unfinished import function_below, placeholder_below, statement_below
from fimls.text.indentation import indentation
from fimls.text.line_bounds import line_end, line_start

if TYPE_CHECKING:
    from tree_sitter import Node

    from fimls.syntax.tree import Tree
    from fimls.text.language import Language


class Kind(StrEnum):
    """What an instruction is written in."""

    LINES = "line comment"
    BLOCK = "block comment"
    DOCSTRING = "docstring"


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a comment asks for; all places are offsets.

    `words` are those of the comment without its marks, `steps` those of them that are numbered or
    listed.  The comment stands from `start` up to `end` and stays.  `begun` is the range of a
    function, or a statement of SQL, below the comment that is to be completed and is replaced by
    all of it; None where code goes below the comment.  Then `indent` is its indentation, and
    `placeholder` is where what only holds the place ends, as a `pass` does, if there is any.
    """

    kind: Kind
    words: str
    steps: tuple[str, ...]
    start: int
    end: int
    indent: str
    begun: tuple[int, int] | None = None
    placeholder: int | None = None


_STEP: Final = re.compile(r"\s*(?:\d+[.)]|[-*•]|(?:Step|step) \d+:)\s+(\S.*)")

# A star or a mark that a line within a block comment begins with.
_STAR: Final = re.compile(r"^\s*\*+(?:\s|$)")

# What looks like a comment and is told to a machine.
_NO_WORDS: Final = re.compile(
    r"#!|#.*?coding[:=]|(?:#|//|--|/\*)\s*(?:noqa|type:|pylint:|eslint[- ]|@ts-|tslint:|fmt:|"
    r"prettier-|shellcheck |go:|nolint|rustfmt::|\+build)"
)

_DOC_QUOTES: Final = re.compile(r"^[rRuUbB]*(\"\"\"|'''|\"|')(.*?)\1?$", re.DOTALL)


def instruction_at(
    text: str, language: Language, tree: Tree | None, start: int, end: int
) -> Instruction | None:
    """The instruction that a range, or the line of a cursor, is; None where it is none.

    Without a tree documentation strings are not told.
    """
    found = (
        _line_comment(text, language, start, end)
        or _block_comment(text, language, start, end)
        or _docstring(text, tree, start, end)
    )
    if found is None:
        return None
    kind, first, last, words = found
    if not re.search(r"\w", words):
        return None
    indent = indentation(text[line_start(text, first) : first])
    begun = None
    if kind is not Kind.DOCSTRING:
        begun = statement_below(text, last, language) or function_below(
            text, last, indent, language
        )
    placeholder = None if begun else placeholder_below(text, last, indent, language)
    return Instruction(kind, words, _steps(words), first, last, indent, begun, placeholder)


_Found = tuple[Kind, int, int, str]


def _line_comment(text: str, language: Language, start: int, end: int) -> _Found | None:
    mark = language.line_comment
    if not mark:
        return None
    lines = text.split("\n")
    first, last = _rows(text, start, end)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last].strip():
        last -= 1
    if not all(_is_comment(line, mark) or not line.strip() for line in lines[first : last + 1]):
        return None
    if not _is_comment(lines[first], mark):
        return None
    blanks = indentation(lines[first])
    while first and _goes_with(lines[first - 1], mark, blanks):
        first -= 1
    while last + 1 < len(lines) and _goes_with(lines[last + 1], mark, blanks):
        last += 1
    begin = sum(len(line) + 1 for line in lines[:first]) + len(indentation(lines[first]))
    until = sum(len(line) + 1 for line in lines[: last + 1]) - 1
    said = [line.strip().lstrip(mark[0]).removeprefix("!") for line in lines[first : last + 1]]
    return Kind.LINES, begin, until, _words(said)


def _is_comment(line: str, mark: str) -> bool:
    code = line.strip()
    return code.startswith(mark) and _NO_WORDS.match(code) is None


def _goes_with(line: str, mark: str, blanks: str) -> bool:
    return _is_comment(line, mark) and indentation(line) == blanks


def _block_comment(text: str, language: Language, start: int, end: int) -> _Found | None:
    if language.block_comment is None:
        return None
    begin, close = language.block_comment
    first = text.rfind(begin, 0, line_end(text, start))
    if first < 0 or text[line_start(text, first) : first].strip():
        return None
    last = text.find(close, first + len(begin))
    if last < 0:
        return None
    last += len(close)
    is_outside = line_end(text, last) < max(end - 1, start) or start > line_end(text, last)
    if is_outside or text[last : line_end(text, last)].strip():
        return None
    said = text[first + len(begin) : last - len(close)].split("\n")
    return Kind.BLOCK, first, last, _words([_STAR.sub("", line) for line in said])


def _docstring(text: str, tree: Tree | None, start: int, end: int) -> _Found | None:
    """A string that stands for itself, where the grammar has such."""
    if tree is None or tree.grammar != "python":
        return None
    line = text[line_start(text, start) : line_end(text, start)]
    at = max(start, line_end(text, start) - len(line.lstrip()))
    node = tree.root.descendant_for_byte_range(tree.byte(at), tree.byte(max(at, end)))
    while node is not None and node.type != "string":
        node = _only_child(node) if node.type == "expression_statement" else node.parent
    if node is None or node.parent is None or node.parent.type != "expression_statement":
        return None
    first, last = tree.offset(node.start_byte), tree.offset(node.end_byte)
    found = _DOC_QUOTES.match(text[first:last])
    return (Kind.DOCSTRING, first, last, _words(found[2].split("\n"))) if found else None


def _only_child(node: Node) -> Node | None:
    child = node.child(0)
    return child if child is not None and child.type == "string" else None


def _words(lines: list[str]) -> str:
    """The words of a comment, its lines dedented as far as they agree."""
    blanks = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    margin = min(blanks, default=0)
    first = lines[0].strip() if lines else ""
    rest = [line[margin:].rstrip() for line in lines[1:]]
    return "\n".join((first, *rest)).strip("\n ")


def _steps(words: str) -> tuple[str, ...]:
    """The numbered or listed parts; a line that goes on with one belongs to it."""
    steps: list[str] = []
    for line in words.split("\n"):
        if found := _STEP.match(line):
            steps.append(found[1].strip())
        elif steps and line[:1] == " " and line.strip():
            steps[-1] += f" {line.strip()}"
    return tuple(steps)


def _rows(text: str, start: int, end: int) -> tuple[int, int]:
    """The lines of a range; one that ends at the begin of a line does not reach into it."""
    last = end - 1 if end > start and text[end - 1 : end] == "\n" else end
    return text.count("\n", 0, start), text.count("\n", 0, last)

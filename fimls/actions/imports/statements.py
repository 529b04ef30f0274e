"""The statements of a text that import, and the lines that they stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.actions.imports.rule import Import, Rule


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that imports: the lines from `first` up to `end` (from 0), and what it brings.

    `is_spec`: it is one line within the brackets of Go's.
    """

    first: int
    end: int
    text: str
    imports: tuple[Import, ...]
    is_spec: bool = False


# What may stand between imports and at the head of a file without being code.
_BETWEEN: Final = re.compile(
    r"\s*$|\s|#|//|/\*|\*|\)|\]|\}|[rRuU]?[\"']|package\s|extern\s+crate|mod\s|pub\s+mod\s"
    r"|if TYPE_CHECKING|try:|except\b|else:"
)

_BRACKET: Final = re.compile(r"import\s*\($")


def statements(lines: Sequence[str], rule: Rule) -> list[Statement]:
    """All statements at the outermost level that import, in their order.

    One that is not finished, and so brings in nothing, is none.
    """
    return [each for each in _statements(lines, rule) if each.imports]


def leading(lines: Sequence[str], found: Sequence[Statement], rule: Rule) -> list[Statement]:
    """Those of them that stand before any other code."""
    within = {at for each in found for at in range(each.first, each.end)}
    places = range(rule.top(lines), len(lines))
    others = (at for at in places if at not in within and not _may_stand(lines, at))
    end = next(others, len(lines))
    return list(takewhile(lambda each: each.first < end, found))


def end_of(lines: Sequence[str], at: int) -> int:
    """The line after the last one of the statement that begins at a line: its brackets tell."""
    depth = 0
    for end in range(at, len(lines)):
        code = lines[end].partition("#")[0].partition("//")[0]
        depth += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        if depth <= 0 and not code.rstrip().endswith("\\"):
            return end + 1
    return at + 1


def _statements(lines: Sequence[str], rule: Rule) -> Iterator[Statement]:
    at = 0
    while at < len(lines):
        if not rule.begins.match(lines[at]):
            at += 1
            continue
        end = end_of(lines, at)
        if _BRACKET.match(lines[at].rstrip()):
            yield from _specs(lines, at + 1, end - 1, rule)
        else:
            text = "\n".join(lines[at:end])
            yield Statement(at, end, text, tuple(rule.read(text)))
        at = end


def _specs(lines: Sequence[str], first: int, end: int, rule: Rule) -> Iterator[Statement]:
    for at in range(first, end):
        imports = tuple(rule.read(lines[at]))
        if imports:
            yield Statement(at, at + 1, lines[at], imports, is_spec=True)


def _may_stand(lines: Sequence[str], at: int) -> bool:
    # The bracket of Go's is no line of a statement of its own.
    return _BETWEEN.match(lines[at]) is not None or _BRACKET.match(lines[at].rstrip()) is not None

"""Echoes: lines of the document that a model says again before or after what was asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.text.brackets import balance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.text.language import Language

# Visible characters that a repeated line must have, and that several must have together; a lone `}`
# may well follow another.
_LEAST_OF_ONE: Final = 10
_LEAST_OF_SEVERAL: Final = 6

_CLOSERS: Final = re.compile(r"\s*[)\]}]+[;,]?\s*")

# What is said above an example that nobody has asked for.
_USAGE: Final = re.compile(
    r"(?:(?:an? |here(?:'s| is) an? )?(?:example|sample)\b(?: (?:of )?(?:usage|use|call|run))?s?"
    r"|usage(?: example)?s?|how to use|(?:test|try|run) (?:it|the function)\b.*|tests?)\s*:?\s*$",
    re.IGNORECASE,
)

# Lines on each side that are compared: no model repeats more before it comes to the point.
_MOST_LINES: Final = 120

# Blank ones among them do not count.
_MOST_READ: Final = 2 * _MOST_LINES


def without_echoes(lines: Sequence[str], above: Sequence[str], below: Sequence[str]) -> list[str]:
    """The lines without those that stand right above them already, or right below."""
    kept = list(lines)
    begun = _repeated(_keys(above[-_MOST_READ:])[-_MOST_LINES:], _keys(kept))
    kept = _without_first(kept, begun)
    # What is below is the same question, seen from the end.
    ended = _repeated(_keys(below[:_MOST_READ])[:_MOST_LINES][::-1], _keys(kept)[::-1])
    return _without_first(kept[::-1], ended)[::-1]


def without_surplus_closers(lines: Sequence[str], replaced: str, language: Language) -> list[str]:
    """The lines without the last ones that only close what nothing in them has opened.

    As much as the text that is replaced closes of what is around it may stay.
    """
    kept = list(lines)
    due = len(balance(replaced, language).unmatched)
    while kept and (not kept[-1].strip() or _CLOSERS.fullmatch(kept[-1])):
        if kept[-1].strip() and len(balance("\n".join(kept), language).unmatched) <= due:
            break
        kept.pop()
    return kept


def without_comment(lines: Sequence[str], comment: Sequence[str]) -> list[str]:
    """The lines without those at their begin that are lines of the comment asked by."""
    known = {line.strip() for line in comment if line.strip()}
    first = 0
    while first < len(lines) and (not lines[first].strip() or lines[first].strip() in known):
        first += 1
    return list(lines[first:])


def without_usage(lines: Sequence[str], language: Language) -> list[str]:
    """The lines without an example at their end of how to use what is above it."""
    mark = language.line_comment
    first = next((line for line in lines if line.strip()), "")
    width = len(first) - len(first.lstrip())
    for at, line in enumerate(lines):
        said = line.strip()
        is_outer = len(line) - len(line.lstrip()) <= width
        is_remark = bool(mark) and said.startswith(mark or "\0")
        if at and is_outer and is_remark and _USAGE.match(said.lstrip("#/-; ")):
            kept = list(lines[:at])
            return kept if any(each.strip() for each in kept) else list(lines)
    return list(lines)


def _repeated(around: Sequence[str], said: Sequence[str]) -> int:
    """How many of the first lines said are the last ones around, as many as possible."""
    for count in range(min(len(around), len(said)), 0, -1):
        if list(around[-count:]) == list(said[:count]):
            least = _LEAST_OF_ONE if count == 1 else _LEAST_OF_SEVERAL
            return count if sum(map(len, said[:count])) >= least else 0
    return 0


def _keys(lines: Sequence[str]) -> list[str]:
    """The visible lines, without any blanks: those are what models change."""
    return ["".join(line.split()) for line in lines if line.strip()]


def _without_first(lines: list[str], count: int) -> list[str]:
    at = 0
    while count:
        count -= bool(lines[at].strip())
        at += 1
    return lines[at:]

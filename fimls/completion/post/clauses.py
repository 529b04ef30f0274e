"""Clauses of Python's statements, such as `else`: each needs the statement that it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.completion.post.site import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.site import Site

# What may stand before a clause at its indentation, by the clause's first word.
_OWNERS: Final = {
    "elif": frozenset({"if", "elif"}),
    "else": frozenset({"if", "elif", "for", "while", "async", "try", "except"}),
    "except": frozenset({"try", "except"}),
    "finally": frozenset({"try", "except", "else"}),
}

_HANDLERS: Final = frozenset({"except", "finally"})

_WORD: Final = re.compile(r"\s*(\w*)")


def first_word(line: str) -> str:
    """The word that a line begins with, "" where it begins with anything else."""
    found = _WORD.match(line)
    return found.group(1) if found else ""


def has_owner(below: Sequence[str], said: Sequence[tuple[int, str]], site: Site) -> bool:
    """Whether the first clause below still has its statement, with the text above it.

    `below` are the document's next lines, `said` the columns and first words of the text's
    statements.  True where there is no clause, or where it belongs to one of the lines below.
    """
    clause = _clause(below)
    if clause is None:
        return True
    columns, wanted = width(clause), _OWNERS[first_word(clause)]
    for column, word in reversed(said):
        if column <= columns:
            return column == columns and word in wanted
    return _is_owned_above(columns, wanted, site)


def has_handler(below: Sequence[str], said: Sequence[tuple[int, str]]) -> bool:
    """Whether each `try` of the text is followed by what handles its errors."""
    after = [*said, *((width(line), first_word(line)) for line in below)]
    for at, (columns, word) in enumerate(said):
        if word == "try":
            end = next((each for each in after[at + 1 :] if each[0] <= columns), None)
            if end is None or end[0] < columns or end[1] not in _HANDLERS:
                return False
    return True


def _clause(below: Sequence[str]) -> str | None:
    """The first line that is a clause of something above all of these lines."""
    least: int | None = None
    for line in below:
        if least is not None and width(line) >= least:
            continue
        if first_word(line) in _OWNERS:
            return line
        least = width(line)
    return None


def _is_owned_above(columns: int, wanted: frozenset[str], site: Site) -> bool:
    own = not site.starts_line
    for at, line in enumerate(site.upwards()):
        if own and at == 0:
            continue
        if width(line) <= columns:
            word = first_word(line)
            # A line without a word ends a statement that began further up.
            return not word or (width(line) == columns and word in wanted)
    return True

"""The tables that the files of a repository define: what a query is written for and checked by."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.text.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fimls.context.place import Place

    Count = Callable[[str], int]

# More files of SQL than this are data, or a history that nobody reads.
_MOST_FILES: Final = 200

# What undoes a migration says the opposite of what holds.
_UNDOING: Final = re.compile(r"(?:^|[._/-])(?:down|undo|rollback|revert)(?:[._/-]|$)")

_BEGIN: Final = re.compile(
    r"^[ \t]*(?:create\s+(?:(?:temp|temporary|unlogged)\s+)?table|create\s+(?:or\s+replace\s+)?view"
    r"|alter\s+table)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?(?P<name>[^\s(;]+)",
    re.IGNORECASE | re.MULTILINE,
)

# A definition that has no end within so much is none.
_MOST_CHARS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Definition:
    """A statement that defines or changes a table."""

    table: str
    text: str


def definitions_in(text: str) -> Iterator[Definition]:
    """The definitions of tables in some SQL, in their order."""
    for found in _BEGIN.finditer(text):
        end = text.find(";", found.end())
        while end >= 0 and not sqlite3.complete_statement(text[found.start() : end + 1]):
            end = text.find(";", end + 1)
            if end - found.start() > _MOST_CHARS:
                end = -1
        if end >= 0:
            name = found["name"].strip('`"[]').rpartition(".")[2].strip('`"[]')
            yield Definition(name, text[found.start() : end + 1].strip())


def schema_of(place: Place | None, text: str) -> tuple[Definition, ...]:
    """The tables of a repository, its files sorted; of the file at hand its text counts."""
    elsewhere = () if place is None else _definitions_at(place)
    return (*elsewhere, *definitions_in(text))


def shown(schema: Iterable[Definition], words: str, budget_tokens: int, count: Count) -> str:
    """The definitions that a model is shown: those that the words speak of come first.

    They stand in their own order, and those that do not fit are left out.
    """
    known = tuple(schema)
    said = set(_stems(words))
    order = sorted(range(len(known)), key=lambda at: not said & set(_stems(known[at].table)))
    kept: set[int] = set()
    used = 0
    for at in order:
        cost = count(known[at].text) + 1
        if used + cost <= budget_tokens:
            used += cost
            kept.add(at)
    return "\n".join(known[at].text for at in sorted(kept))


def _definitions_at(place: Place) -> Iterator[Definition]:
    for path in _files(place):
        yield from definitions_in("\n".join(piece.text for piece in place.view.chunks(path)))


def _files(place: Place) -> list[str]:
    """The other files of SQL that say what there is."""
    endings = LANGUAGES["sql"].extensions
    others = (path for path in place.view.files() if path != place.path)
    known = (path for path in others if path.lower().endswith(endings))
    return [path for path in known if not _UNDOING.search(path.lower())][:_MOST_FILES]


def _stems(text: str) -> Iterator[str]:
    """The words of a text, singular and plural alike."""
    return (word.lower().removesuffix("s") for word in re.findall(r"[^\W_]+", text))

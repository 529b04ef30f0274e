"""Which actions there are at a place: told from the document alone, since a menu waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.actions.definitions import around
from fimls.actions.instruction import instruction_at
from fimls.actions.request import Name
from fimls.text.line_bounds import line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fimls.actions.collect import Diagnostic
    from fimls.documents.snapshot import Snapshot

# A menu of more repairs than this says nothing more.
_MOST_FIXES: Final = 5

# A title is one line of a menu.
_MOST_TITLE_CHARS: Final = 80

KINDS: Final[Mapping[Name, str]] = MappingProxyType(
    {
        Name.EXPLAIN: "fimls.explain",
        Name.GENERATE: "refactor.rewrite.fimls.generate",
        Name.EDIT: "refactor.rewrite.fimls.edit",
        Name.FIX: "quickfix.fimls",
    }
)
"""The kinds of code actions (contract §4)."""

TITLES: Final[Mapping[Name, str]] = MappingProxyType(
    {
        Name.EXPLAIN: "Explain selection",
        Name.GENERATE: "Turn comment into code",
        Name.EDIT: "Edit selection…",
        Name.FIX: "Fix",
    }
)
"""What the actions are called in menus and messages."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that is there; a fix is for its diagnostic."""

    name: Name
    title: str
    diagnostic: Diagnostic | None = None


def offers(
    snap: Snapshot,
    start: int,
    end: int,
    diagnostics: Sequence[Diagnostic] = (),
    *,
    gives_text: bool = False,
    is_automatic: bool = False,
) -> tuple[Offer, ...]:
    """The actions at a range (offsets) of a document, in the order of a menu.

    `gives_text`: the user can be asked how to edit.  `is_automatic`: the menu opens by itself; over
    an empty range it is given only what is about this very place.
    """
    found = [*_fixes(diagnostics, start, end)]
    if instruction_at(snap.text, snap.language, snap.tree, start, end) is not None:
        found.append(Offer(Name.GENERATE, TITLES[Name.GENERATE]))
    if is_automatic and start == end:
        return tuple(found)
    has_code = bool(snap.text[start:end].strip())
    if gives_text and has_code:
        found.append(Offer(Name.EDIT, TITLES[Name.EDIT]))
    if has_code or (start == end and _is_in_definition(snap, start)):
        found.append(Offer(Name.EXPLAIN, TITLES[Name.EXPLAIN]))
    return tuple(found)


def _fixes(diagnostics: Sequence[Diagnostic], start: int, end: int) -> Iterator[Offer]:
    within = (each for each in diagnostics if each.start <= end and start <= each.end)
    by_title = {_title_of(each): each for each in within if each.message.strip()}
    for title, each in [*by_title.items()][:_MOST_FIXES]:
        yield Offer(Name.FIX, title, each)


def _title_of(diagnostic: Diagnostic) -> str:
    title = f"{TITLES[Name.FIX]}: {diagnostic.message.strip().splitlines()[0]}"
    return title if len(title) <= _MOST_TITLE_CHARS else f"{title[: _MOST_TITLE_CHARS - 1]}…"


def _is_in_definition(snap: Snapshot, offset: int) -> bool:
    """Whether a cursor is in a function or class; where that is not quickly told, it may be."""
    tree = snap.tree
    if tree is not None:
        return bool(around(tree, offset))
    line = snap.text[line_start(snap.text, offset) : line_end(snap.text, offset)]
    return snap.can_have_tree and bool(line.strip())

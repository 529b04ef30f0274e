"""Between the protocol's values and the rooms' own: positions, ranges, edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from fimls.text.positions import Position, Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fimls.documents.snapshot import Snapshot
    from fimls.text.positions import Encoding


def position_of(given: types.Position) -> Position:
    """A position as the protocol gives it."""
    return Position(given.line, given.character)


def range_of(given: types.Range) -> Range:
    """A range as the protocol gives it."""
    return Range(position_of(given.start), position_of(given.end))


def edits_of(
    changes: Iterable[types.TextDocumentContentChangeEvent],
) -> list[tuple[Range | None, str]]:
    """The edits of a document in their order; None is the whole text."""
    return [
        (range_of(change.range), change.text)
        if isinstance(change, types.TextDocumentContentChangePartial)
        else (None, change.text)
        for change in changes
    ]


def wire_range(snap: Snapshot, start: int, end: int, encoding: Encoding) -> types.Range:
    """Two offsets of a snapshot's text as a range in the client's own units."""
    return types.Range(_wire_position(snap, start, encoding), _wire_position(snap, end, encoding))


def _wire_position(snap: Snapshot, offset: int, encoding: Encoding) -> types.Position:
    place = snap.lines.position(offset, encoding)
    return types.Position(place.line, place.character)


def offsets_of(snap: Snapshot, span: Range, encoding: Encoding) -> tuple[int, int]:
    """The offsets of a range in a snapshot's text, in their order, clamped to it."""
    first, last = sorted(snap.lines.offset(each, encoding) for each in (span.start, span.end))
    return first, last

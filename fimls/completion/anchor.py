"""Where a run began, and what has been typed there since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fimls.text.seam import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.text.hole import Hole
    from fimls.text.seam import Parts, Seamed

# Editors close these by themselves while the author types; a document that differs from the
# anchor's by such closers just after the cursor still agrees with it.
_CLOSERS = frozenset(")]}>\"'`")

_BLANKS = frozenset(" \t\n")

# Comparing whole texts takes 10 µs in 2,000 lines, for each of the runs; this takes 0.3 µs.
_NEAR_CHARS = 48
_BIT_CHARS = 16_384


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a run began: a document, its text at that time, and the offset of the hole.

    The text is kept in parts: of a long one that is typed into, all states have the same ends.
    `preamble` is what stood before it: the cells above, in a notebook.
    """

    uri: str
    parts: Parts = field(repr=False)
    offset: int
    preamble: str = ""

    @classmethod
    def at(cls, uri: str, hole: Hole) -> Anchor:
        """The anchor of a run that begins at a hole."""
        return cls(uri, parts_of(hole), hole.offset, hole.preamble)

    def typed_since(self, hole: Hole, said: str | None = None) -> str | None:
        """What stands between the anchor and the hole now, or None where the rest has changed.

        None as well where it contradicts what was said there, if that is given: so most runs need
        not be compared with the whole text.
        """
        if hole.offset < self.offset or self._closers(hole) < 0 or not self._is_near(hole):
            return None
        typed = hole.text[self.offset : hole.offset]
        if said is not None and not (said.startswith(typed) or typed.startswith(said)):
            return None
        if hole.preamble != self.preamble or not self._is_same_around(hole):
            return None
        added = self.added(hole)
        # A closer is set aside only where something was typed that may have brought it.
        return typed if not added or (typed and _closes(added)) else None

    def added(self, hole: Hole) -> str:
        """What stands after the cursor that was not there, where all else is as it was."""
        return hole.text[hole.offset : hole.offset + max(0, self._closers(hole))]

    def written_in(self, document: Seamed) -> str | None:
        """What a document has at the anchor's place that was not there; None where it differs."""
        grown = self._grown(document)
        if grown < 0 or not self._is_same_around(document):
            return None
        return document.text[self.offset : self.offset + grown]

    def typed_in(self, document: Seamed) -> Iterator[str]:
        """What may have been typed: all that has been written in a document, or all but closers.

        Nothing where the document differs.
        """
        between = self.written_in(document)
        if between is None:
            return
        yield between
        while between and between[-1] in _CLOSERS:
            between = between[:-1]
            yield between
            # After Enter the closers stand on lines of their own.
            if between.rstrip(" \t").endswith("\n"):
                between = between.rstrip(" \t")[:-1]
                yield between

    def _grown(self, document: Seamed) -> int:
        """By how many characters a document is longer than it was."""
        return len(document.text) - sum(map(len, self.parts))

    def _closers(self, hole: Hole) -> int:
        """By how many characters it has grown besides what stands between anchor and hole."""
        return self._grown(hole) - (hole.offset - self.offset)

    def _is_near(self, hole: Hole) -> bool:
        """Whether the text just before the anchor is there still: tells most runs apart at once."""
        head, between, _tail = self.parts
        end = self.offset - len(head)
        if not 0 <= end <= len(between):
            # The anchor is not where the text has been edited, so that it is compared at once.
            return True
        start = max(0, end - _NEAR_CHARS)
        return hole.text.startswith(between[start:end], len(head) + start)

    def _is_same_around(self, document: Seamed) -> bool:
        """Whether a document is the anchor's with some characters more at the anchor."""
        (head, _, tail), (its_head, _, its_tail) = self.parts, parts_of(document)
        grown, start = self._grown(document), 0
        # An end that is the very same string stands where it stood, if the anchor is not in it.
        is_begin = head is its_head and self.offset >= len(head)
        is_end = tail is its_tail and self.offset <= sum(map(len, self.parts)) - len(tail)
        for part, is_known in zip(self.parts, (is_begin, False, is_end), strict=True):
            before = min(max(0, self.offset - start), len(part))
            if not is_known and not _is_there(part, before, document.text, start, grown):
                return False
            start += len(part)
        return True


def _closes(added: str) -> bool:
    """Whether an editor puts this after the cursor: closers, on lines of their own after Enter."""
    return bool(added.strip()) and set(added) <= _CLOSERS | _BLANKS


def _is_there(part: str, before: int, text: str, start: int, grown: int) -> bool:
    """Whether a part stands in a text from `start` on, `grown` further on after its `before`."""
    return _is_same(part, 0, before, text, start) and _is_same(
        part, before, len(part), text, start + before + grown
    )


def _is_same(text: str, start: int, end: int, other: str, at: int) -> bool:
    """Whether a part of a text stands at an offset in another one as well.

    Compared a bit at a time: a copy of half of 20,000 lines with an emoji takes 3 ms to make.
    """
    return all(
        other.startswith(text[begin : min(end, begin + _BIT_CHARS)], at + begin - start)
        for begin in range(start, end, _BIT_CHARS)
    )

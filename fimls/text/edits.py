"""Edits of a text by offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Edit:
    """Text in place of what stands from `start` up to `end` (offsets in code points)."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits whose offsets all mean the text as it was before any of them.

    Their order does not matter, but that of insertions at one place, which stay as given, before
    what replaces text there.

    Raises:
        InputError: an edit lies outside the text, or overlaps another one.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not done <= edit.start <= edit.end <= len(text):
            raise InputError(f"the edit from {edit.start} to {edit.end} does not fit the text")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, text[done:]))

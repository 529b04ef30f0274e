"""Offsets in code points, as fimls counts, and in bytes of UTF-8, as tree-sitter counts."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Final

# A conversion decodes or encodes at most this much; the index takes a number for each.
_STEP_CHARS: Final = 1024


class Offsets:
    """Converts between the offsets of a text and those of its bytes, both clamped."""

    def __init__(self, text: str, source: bytes) -> None:
        self._text = text
        self._source = source
        self._is_ascii = len(text) == len(source)

    def byte(self, offset: int) -> int:
        """The byte at which the character at an offset begins."""
        within = min(max(offset, 0), len(self._text))
        if self._is_ascii:
            return within
        step = within // _STEP_CHARS
        return self._steps[step] + _size(self._text[step * _STEP_CHARS : within])

    def offset(self, byte: int) -> int:
        """The offset of the character that a byte is part of."""
        within = min(max(byte, 0), len(self._source))
        if self._is_ascii:
            return within
        step = bisect_right(self._steps, within) - 1
        # A character of which only the first bytes are there does not count.
        part = self._source[self._steps[step] : within].decode(errors="ignore")
        return step * _STEP_CHARS + len(part)

    @cached_property
    def _steps(self) -> list[int]:
        """The bytes at which every so-manyth character begins."""
        steps = [0]
        for end in range(_STEP_CHARS, len(self._text) + 1, _STEP_CHARS):
            steps.append(steps[-1] + _size(self._text[end - _STEP_CHARS : end]))
        return steps


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))

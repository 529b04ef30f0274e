"""The source as a parser reads it: part by part, and nothing of it kept when it has been read."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Final

from fimls.syntax.grammars import new_parser

# What the parser is handed at a time.  It asks anew wherever it jumps over what it knows already
# (70 times in 2,000 lines), so that large parts cost copying and small ones calls; from 1 to 64 kB
# the difference is within 5 %.
_PART_BYTES: Final = 4096

# The bytes of a character after its first one begin with the bits 10.
_CONTINUATION_MASK: Final = 0xC0
_CONTINUATION: Final = 0x80

# How often a part is referred to that only a local variable knows: by that, and by the question.
_OURS: Final = 2


class Parts:
    """Hands out the parts of a source, and lets go of them in the binding's stead.

    py-tree-sitter 0.26 takes a reference to whatever `read` returns and never gives it back: as
    much as the source and more is lost with each parse, for as long as the process lives (measured
    with `tracemalloc`: 134 kB for 79 kB of Python).
    """

    def __init__(self, source: bytes) -> None:
        # A slice of all of it would be the source itself, which others hold as well.
        self._source = memoryview(source)
        self._read: list[bytes] = []

    def read(self, byte: int, _point: object) -> bytes:
        """The part that begins at a byte, to be handed to the parser; empty at the end.

        It ends with a whole character.  After half of one the parser asks for what follows, and
        does not bear it if that is nothing.
        """
        end = byte + _PART_BYTES
        while end < len(self._source) and self._source[end] & _CONTINUATION_MASK == _CONTINUATION:
            end += 1
        part = bytes(self._source[byte:end])
        # Of one byte and of none there is one object each in all the process.
        if len(part) > 1:
            self._read.append(part)
        return part

    def let_go(self) -> None:
        """To be called once the parser has returned."""
        if _are_kept():
            for part in self._read:
                ctypes.pythonapi.Py_DecRef(ctypes.py_object(part))
        self._read.clear()


@cache
def _are_kept() -> bool:
    """Whether the binding keeps what it reads; tried once, so that one that does not is let be."""
    parser = new_parser("json")
    part = bytes(bytearray(b"[1, 2]\n"))
    if parser is not None:
        parser.parse(lambda byte, _point: b"" if byte else part)
    return sys.getrefcount(part) > _OURS

"""Ways to tear a stream of lines into reads: nothing promises a client one whole line at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

Chunking = Callable[[bytes, bool], "tuple[list[bytes], bytes]"]
"""Given the bytes to be sent and whether they are the last: what is sent now, each part in a read
of its own, and what is held back until there is more."""


def by_lines(waiting: bytes, is_last: bool) -> tuple[list[bytes], bytes]:
    """Each line by itself, as the real servers nearly always do."""
    del is_last
    return waiting.splitlines(keepends=True), b""


def by_bytes(waiting: bytes, is_last: bool) -> tuple[list[bytes], bytes]:
    """Each byte by itself: every character of more than one byte is torn."""
    del is_last
    return [waiting[at : at + 1] for at in range(len(waiting))], b""


def by_pairs(waiting: bytes, is_last: bool) -> tuple[list[bytes], bytes]:
    """Two lines in one read."""
    lines = waiting.splitlines(keepends=True)
    if len(lines) < 2 and not is_last:
        return [], waiting
    return [b"".join(lines[at : at + 2]) for at in range(0, len(lines), 2)], b""


def by_halves(waiting: bytes, is_last: bool) -> tuple[list[bytes], bytes]:
    """The second half of each line comes with the first half of the next."""
    if is_last:
        return [waiting], b""
    start = waiting.rstrip(b"\n").rfind(b"\n") + 1
    middle = start + (len(waiting) - start) // 2
    return [waiting[:middle]], waiting[middle:]


def by_size(size: int) -> Chunking:
    """Blocks of `size` bytes, each sent when it is full."""

    def cut(waiting: bytes, is_last: bool) -> tuple[list[bytes], bytes]:
        end = len(waiting) if is_last else len(waiting) - len(waiting) % size
        return [waiting[at : min(at + size, end)] for at in range(0, end, size)], waiting[end:]

    return cut


CHUNKINGS: Final[Mapping[str, Chunking]] = {
    "lines": by_lines,
    "bytes": by_bytes,
    "pairs": by_pairs,
    "halves": by_halves,
    "seven": by_size(7),
}
"""All ways by name: for tests that run once in each, and for the command line."""

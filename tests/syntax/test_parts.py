"""What the parser is handed, and that nothing of it stays behind."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from fimls.evaluation.specimen import specimen
from fimls.syntax.effort import Effort
from fimls.syntax.parts import Parts
from fimls.syntax.tree import parse


@pytest.mark.parametrize("size", [0, 1, 2, 4096, 4097, 10_000])
def test_the_parts_are_the_source(size: int) -> None:
    source = bytes(at % 128 for at in range(size))
    parts, read = Parts(source), bytearray()
    while part := parts.read(len(read), None):
        read += part
    assert read == source


@pytest.mark.parametrize("character", ["é", "漢", "😀"])
def test_no_character_is_cut_in_two(character: str) -> None:
    source = ("x" + character * 5000).encode()
    parts, at, seen = Parts(source), 0, 0
    while part := parts.read(at, None):
        # Half of a character could not be decoded.
        assert part.decode()
        at, seen = at + len(part), seen + 1
    assert seen > 1


def test_nothing_of_a_parse_is_kept() -> None:
    text = specimen(200).text
    tracemalloc.start()
    try:
        for _ in range(3):
            assert parse(text, "python", effort=Effort(100_000)) is not None
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(20):
            assert parse(text, "python", effort=Effort(100_000)) is not None
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # Without `let_go` it is more than the source each time.
    assert grown < len(text)

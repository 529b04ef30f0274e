"""Markers in megabytes of JSON, however they are cut up."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.models import vocabulary
from fimls.models.vocabulary import Vocabulary

MARKERS = {"<|fim_prefix|>", "▁<PRE>", "[SUFFIX]", "<｜fim▁begin｜>", "<[fim-middle]>", "<s>"}
OTHERS = [
    "def",
    "<",
    "<a b>",
    'say "<x>"',
    "\\",
    '"',
    "x<PRE>",
    "[",
    "<x",
    "",
    "\n<x>",
    "<" * 60 + ">",
]


def written(value: object, *, escaped: bool) -> bytes:
    """As Go writes JSON, which escapes `<` and `>`, or as Python does."""
    content = json.dumps(value, ensure_ascii=escaped)
    return content.replace("<", "\\u003c").replace(">", "\\u003E").encode()


def found(content: bytes, size: int) -> frozenset[str]:
    reading = Vocabulary()
    for at in range(0, len(content), size):
        reading.read(content[at : at + size])
    return reading.markers


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
def test_wherever_it_is_cut(size: int, *, escaped: bool) -> None:
    info = {"tokenizer.ggml.tokens": [*OTHERS, *MARKERS, *OTHERS], "tokenizer.ggml.scores": [0.5]}
    body = {"license": 'a "b" \\' * 50, "template": "<s>{{ .Prompt }}", "model_info": info}
    assert found(written(body, escaped=escaped), size) == MARKERS


@given(st.lists(st.text(max_size=8)), st.integers(1, 30))
def test_any_texts_around_them(texts: list[str], size: int) -> None:
    around = found(written(texts, escaped=False), size)
    assert found(written([*texts, "<PRE>", *texts], escaped=False), size) == {"<PRE>", *around}


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    found(content, 16)


def test_a_long_text_in_many_blocks_takes_no_time() -> None:
    content = written([r"\"" * 200_000, *MARKERS], escaped=False)
    began = time.process_time()
    assert found(content, 65_536) == MARKERS
    # A few hundredths of a second here.
    assert time.process_time() - began < 1.0


def test_a_string_without_an_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_LONGEST_BYTES", 100)
    reading = Vocabulary()
    reading.read(b'"')
    for _ in range(100):
        reading.read(b"xxxxxxxx")
    assert len(reading._left) < 200
    assert reading.markers == frozenset()

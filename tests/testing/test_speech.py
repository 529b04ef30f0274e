"""Answers become events: whatever the chunks are, the same text ends at the same stop string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.testing.speech import Ended, events, tokenized, tokens_in

letters = st.text(alphabet="ab<E>", max_size=20)
stops = st.lists(st.text(alphabet="ab<E>", min_size=1, max_size=4), max_size=3)


def said(chunks: list[str], stop: list[str], limit: int = 1000) -> str:
    return "".join(event.text for event in events(chunks, stop, limit))


@given(st.lists(letters, max_size=6), stops)
def test_chunks_do_not_matter(chunks: list[str], stop: list[str]) -> None:
    text = "".join(chunks)
    # The stop string that is complete first ends the answer; where the text comes character by
    # character, that is known.
    shown = said(list(text), stop)
    assert text.startswith(shown)
    assert not any(each in shown for each in stop)
    if not stop:
        assert said(chunks, stop) == shown == text


@given(st.lists(letters, max_size=6), st.text(alphabet="ab<E>", min_size=1, max_size=4))
def test_one_stop_string_is_found_however_it_is_torn(chunks: list[str], stop: str) -> None:
    text = "".join(chunks)
    assert said(chunks, [stop]) == text.partition(stop)[0]


@given(letters, st.integers(min_value=1, max_value=6))
def test_the_limit(text: str, limit: int) -> None:
    last = list(events(tokenized(text), [], limit))[-1]
    assert said(tokenized(text), [], limit) == text[: limit * 4]
    assert last.ended is (Ended.LENGTH if tokens_in(text) >= limit else Ended.STOP)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("abcde", 2),
        # Each spelling counts as one, whatever is around it.
        ("<fim>", 1),
        ("<fim>abcde<fim>", 4),
    ],
)
def test_tokens(text: str, tokens: int) -> None:
    assert tokens_in(text, ["<fim>"]) == tokens

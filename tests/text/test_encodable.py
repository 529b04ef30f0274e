"""Text with halves of surrogate pairs in it."""

from __future__ import annotations

import pytest

from fimls.text.encodable import encodable
from fimls.text.positions import Encoding, character


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        # A whole pair is one character, and stays.
        ("é漢😀", "é漢😀"),
        # Halves alone become the replacement character.
        ("a\ud83d", "a\ufffd"),
        ("\ude00 😀", "\ufffd 😀"),
    ],
)
def test_encodable(text: str, expected: str) -> None:
    assert encodable(text) == expected
    assert encodable(text).encode()


@pytest.mark.parametrize("encoding", list(Encoding))
def test_positions_still_hold(encoding: Encoding) -> None:
    text = "a\ud83d\ude00b"

    assert character(encodable(text), 4, encoding) == character(text, 4, encoding)

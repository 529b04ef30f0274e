"""Text that can be sent and parsed, whatever an editor put into it."""

from __future__ import annotations

from typing import Final


def encodable(text: str) -> str:
    """The text with each half of a surrogate pair, which JSON can carry, as U+FFFD.

    That is as wide as the half was in each of the protocol's encodings, so positions still hold.
    """
    return text if is_encodable(text) else text.translate(_HALVES)


def is_encodable(text: str) -> bool:
    """Whether there is no half of a surrogate pair in the text."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_HALVES: Final = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

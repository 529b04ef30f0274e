"""Text that can be sent and parsed, whatever an editor put into it."""

from __future__ import annotations

from typing import Final


def encodable(text: str) -> str:
    """The text with each half of a surrogate pair, which JSON can carry, as U+FFFD.

    That is as wide as the half was in each of the protocol's encodings, so positions still hold.
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_HALVES)
    return text


_HALVES: Final = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

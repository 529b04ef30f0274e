"""Where a place of a text is after the text has changed."""

from __future__ import annotations

from fimls.text.sharing import shared, shared_end


def moved(offset: int, old: str, new: str) -> int:
    """An offset of an old text in a new one; what lay within the change is clamped to it.

    The change is taken to be all between what both begin with and what both end with.
    """
    most = min(len(old), len(new))
    head = shared(old, new, most)
    if offset <= head:
        return offset
    tail = shared_end(old, new, most - head)
    if offset >= len(old) - tail:
        return offset + len(new) - len(old)
    return min(offset, len(new) - tail)

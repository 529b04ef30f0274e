"""How far two texts, or their bytes, are the same.

Found by halving: parts are compared at the speed of the memory, and items in a loop are not.
"""

from __future__ import annotations

from typing import TypeVar

_Text = TypeVar("_Text", str, bytes)


def shared(one: _Text, other: _Text, most: int | None = None) -> int:
    """How long the begin is that the two have in common, up to `most` where that is given."""
    low, high = 0, min(len(one), len(other)) if most is None else most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def shared_end(one: _Text, other: _Text, most: int) -> int:
    """How long the end is that the two have in common, up to `most`."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        mine = one[len(one) - middle : len(one) - low]
        if mine == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low

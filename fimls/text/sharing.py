"""How far two texts, or their bytes, are the same.

Found by halving: parts are compared at the speed of the memory, and items in a loop are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Text = TypeVar("_Text", str, bytes)


def shared(one: _Text, other: _Text, most: int | None = None) -> int:
    """How long the begin is that the two have in common, up to `most` where that is given."""
    limit = min(len(one), len(other)) if most is None else most
    return _longest(lambda low, high: one[low:high] == other[low:high], limit)


def shared_end(one: _Text, other: _Text, most: int) -> int:
    """How long the end is that the two have in common, up to `most`."""
    mine, its = len(one), len(other)
    return _longest(
        lambda low, high: one[mine - high : mine - low] == other[its - high : its - low], most
    )


def _longest(is_same: Callable[[int, int], bool], most: int) -> int:
    """The longest stretch that is the same, told of the part between two of its lengths."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if is_same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low

"""What a server keeps of the prompts that it has read: blocks, the least used of them given up.

As vLLM does it (docs.vllm.ai, "Automatic Prefix Caching"): blocks in use are never given up, and
of the others the one that was used longest ago goes first, the end of a prompt before its head.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Lease:
    """Room that a sequence holds: blocks it found (`found`), and as many fresh ones."""

    found: tuple[int, ...]
    fresh: int


class PromptCache:
    """Room for a number of blocks, for sequences under way and for what earlier ones left."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._in_use: dict[int, int] = {}
        self._idle: OrderedDict[int, None] = OrderedDict()
        self._fresh = 0

    @property
    def used(self) -> int:
        """Blocks that hold something or are promised to a sequence."""
        return len(self._in_use) + len(self._idle) + self._fresh

    def begin(self, chain: Sequence[int], total: int) -> Lease | None:
        """Room for a sequence of `total` blocks, of which it may find those of `chain`.

        None where blocks in use leave no room for it.
        """
        found = self._found(chain)
        fresh = total - len(found)
        taken = len(self._in_use) + sum(block in self._idle for block in found) + self._fresh
        if fresh > self.capacity - taken:
            return None
        for block in found:
            self._in_use[block] = self._in_use.get(block, 0) + 1
            self._idle.pop(block, None)
        self._fresh += fresh
        while self.used > self.capacity:
            self._idle.popitem(last=False)
        return Lease(found, fresh)

    def end(self, lease: Lease, kept: Sequence[int]) -> None:
        """Takes the room back; `kept` are the blocks that the sequence has filled, head first."""
        self._fresh -= lease.fresh
        for block in lease.found:
            self._in_use[block] -= 1
            if not self._in_use[block]:
                del self._in_use[block]
        for block in reversed(kept):
            if block not in self._in_use:
                self._idle[block] = None
                self._idle.move_to_end(block)

    def _found(self, chain: Sequence[int]) -> tuple[int, ...]:
        for at, block in enumerate(chain):
            if block not in self._in_use and block not in self._idle:
                return tuple(chain[:at])
        return tuple(chain)

"""Tokens and blocks as a server that keeps what it has read counts them.

Servers share what they have read in blocks: a block is known by its own tokens and all before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK_TOKENS: Final = 16
"""Tokens of a block, vLLM's default (`--block-size`)."""

# Cuts a text where tokenizers of code do, about; on the typing traces it makes as many pieces as
# the estimate for Code Llama, which was measured (`fimls.text.tokens`).
_PIECE = re.compile(r" ?[A-Za-z]{1,6}|[0-9]|\n|[ \t]+|[^\sA-Za-z0-9]{1,2}|\s")


def tokens_of(text: str) -> list[str]:
    """The text in pieces the size of tokens; a longer text begins with the same pieces."""
    return _PIECE.findall(text)


class Blocks:
    """Gives each block of one author's prompts a number: equal ones have the same."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, tuple[str, ...]], int] = {}

    def chain(self, tokens: Sequence[str]) -> tuple[int, ...]:
        """The numbers of the full blocks of a text; two share as many as they begin alike."""
        chain: list[int] = []
        above = -1
        for end in range(BLOCK_TOKENS, len(tokens) + 1, BLOCK_TOKENS):
            key = (above, tuple(tokens[end - BLOCK_TOKENS : end]))
            above = self._numbers.setdefault(key, len(self._numbers))
            chain.append(above)
        return tuple(chain)


def shared(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items two sequences have in common at their beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )

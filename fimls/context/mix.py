"""The mix: pieces of several kinds within one budget, by reciprocal rank fusion.

Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
Learning Methods" (SIGIR 2009): a piece gets 1 / (60 + its rank) from each list that has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.context.similar import Excerpt
from fimls.repository.facts import Definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.context.outline import Outline

Piece = Definition | Excerpt

# The paper's constant, which hardly matters.
_SMOOTHING: Final = 60

# Pieces in a row that do not fit, after which it is over.
_MOST_PASSED_OVER: Final = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of pieces, the best first, and how much the list counts."""

    pieces: Sequence[Piece]
    weight: float = 1.0


def fused(lists: Sequence[Listed]) -> tuple[tuple[Piece, float], ...]:
    """All pieces with their scores, the best first; equal ones as the lists have them."""
    scores: dict[Piece, float] = {}
    for each in lists:
        for rank, piece in enumerate(dict.fromkeys(each.pieces), 1):
            scores[piece] = scores.get(piece, 0.0) + each.weight / (_SMOOTHING + rank)
    return tuple(sorted(scores.items(), key=lambda pair: -pair[1]))


def fill(
    outline: Outline, pieces: Sequence[tuple[Piece, float]], most_excerpts: int
) -> tuple[tuple[Definition, ...], tuple[Excerpt, ...]]:
    """Takes what fits into the budget, in order; what does not fit is passed over.

    Of each kind of excerpt there are `most_excerpts` at the most.
    """
    definitions: list[Definition] = []
    excerpts: list[Excerpt] = []
    kinds: dict[str, int] = {}
    passed = 0
    for piece, _score in pieces:
        if outline.is_full or passed >= _MOST_PASSED_OVER:
            break
        if isinstance(piece, Excerpt) and kinds.get(piece.kind, 0) >= most_excerpts:
            continue
        took = _take(outline, piece)
        passed = 0 if took else passed + 1
        if took and isinstance(piece, Definition):
            definitions.append(piece)
        elif took and isinstance(piece, Excerpt):
            kinds[piece.kind] = kinds.get(piece.kind, 0) + 1
            excerpts.append(piece)
    return tuple(definitions), tuple(excerpts)


def _take(outline: Outline, piece: Piece) -> bool:
    if isinstance(piece, Definition):
        return outline.take(piece)
    return outline.reserve(piece.path, piece.text)

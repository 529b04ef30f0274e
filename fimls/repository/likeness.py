"""Which pieces of code are like others: shared identifiers, the rare ones counting more (BM25)."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fimls.repository.facts import Chunk

# The constants of BM25 as its authors give them: how soon a word that is repeated counts no more,
# and how much a long piece is held against itself.
_SATURATION: Final = 1.2
_LENGTH_SHARE: Final = 0.75

# The files whose pieces are looked at: reading one takes about 0.3 ms.
_MOST_FILES: Final = 6

# Names in more files than this tell nothing apart, and would take long to go through.
_MOST_USERS: Final = 1_000
_FEW_USERS: Final = 50
_LARGEST_SHARE: Final = 0.2


def candidates(
    identifiers: Mapping[str, float], using: Mapping[str, Collection[str]], files: int
) -> list[str]:
    """The files that share most with the identifiers, the best first.

    `using` are the files by the name that they use, `files` is how many there are in all.
    """
    most = min(_MOST_USERS, max(_FEW_USERS, int(files * _LARGEST_SHARE)))
    scores: dict[str, float] = defaultdict(float)
    for name, weight in identifiers.items():
        paths = using.get(name, ())
        if len(paths) > most:
            continue
        gain = weight * _rarity(len(paths), files)
        for path in paths:
            scores[path] += gain
    # Sorting only the best of some ten thousand takes a third of the time.
    least = min(heapq.nlargest(_MOST_FILES, scores.values()), default=0.0)
    kept = [path for path, score in scores.items() if score >= least]
    return sorted(kept, key=lambda path: (-scores[path], path))[:_MOST_FILES]


def best(
    identifiers: Mapping[str, float],
    counts: Mapping[str, int],
    files: int,
    pieces: Iterable[Chunk],
) -> tuple[Chunk, ...]:
    """The pieces that share anything with the identifiers, the best first.

    `counts` is in how many of the files a name is used.
    """
    pieces = list(pieces)
    lengths = [sum(piece.identifiers.values()) for piece in pieces]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    gains = {
        name: weight * _rarity(counts.get(name, 0), files) for name, weight in identifiers.items()
    }
    scored = [
        (_score(gains, piece.identifiers, length / max(mean, 1.0)), piece)
        for piece, length in zip(pieces, lengths, strict=True)
    ]
    scored.sort(key=lambda each: (-each[0], each[1].path, each[1].first_line))
    return tuple(piece for score, piece in scored if score > 0)


def _score(gains: Mapping[str, float], found: Mapping[str, int], length: float) -> float:
    damping = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
    return sum(
        gain * count * (_SATURATION + 1) / (count + damping)
        for name, gain in gains.items()
        if (count := found.get(name, 0))
    )


def _rarity(count: int, files: int) -> float:
    return math.log(1 + (files - min(count, files) + 0.5) / (count + 0.5))

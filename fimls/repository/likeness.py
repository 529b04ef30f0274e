"""Which pieces of code are like others: shared identifiers, the rare ones counting more (BM25)."""

from __future__ import annotations

import heapq
import math
from bisect import insort
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from fimls.repository.facts import Chunk

# The constants of BM25 as its authors give them: how soon a word that is repeated counts no more,
# and how much a long piece is held against itself.
_SATURATION: Final = 1.2
_LENGTH_SHARE: Final = 0.75

# The files whose pieces are looked at: 1,000 lines take about 1 ms.
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
    limit: int,
) -> tuple[Chunk, ...]:
    """The pieces that share most with the identifiers, the best first, at most `limit`.

    `counts` is in how many of the files a name is used.
    """
    pieces = list(pieces)
    mean = max(sum(piece.length for piece in pieces) / max(len(pieces), 1), 1.0)
    gains = {
        name: weight * _rarity(counts.get(name, 0), files) for name, weight in identifiers.items()
    }
    # A name stands in a piece no more often than its letters do, which takes less to tell.
    most = [_score(gains, piece.text.count, piece.length / mean) for piece in pieces]
    found: list[tuple[float, str, int, Chunk]] = []
    for bound, piece in sorted(zip(most, pieces, strict=True), key=lambda each: -each[0]):
        if len(found) >= limit and bound < -found[limit - 1][0]:
            break
        score = _score(gains, piece.identifiers.__getitem__, piece.length / mean)
        if score > 0:
            insort(found, (-score, piece.path, piece.first_line, piece))
    return tuple(piece for *_, piece in found[:limit])


def _score(gains: Mapping[str, float], count: Callable[[str], int], length: float) -> float:
    """What a piece has of the gains; `length` is that of the piece, where 1 is the mean."""
    damping = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
    found = [(gain, times) for name, gain in gains.items() if (times := count(name))]
    return sum([gain * times * (_SATURATION + 1) / (times + damping) for gain, times in found])


def _rarity(count: int, files: int) -> float:
    return math.log(1 + (files - min(count, files) + 0.5) / (count + 0.5))

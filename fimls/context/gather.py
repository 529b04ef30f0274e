"""Gathering: all that the model is shown of a repository for one hole, within one budget."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.context.map import Entry, ranked
from fimls.context.mix import Listed, fill, fused
from fimls.context.neighbours import imported, paired
from fimls.context.outline import Outline
from fimls.context.recent import recently_edited
from fimls.context.secrets import clear
from fimls.context.seeds import seeds_of
from fimls.context.similar import alike, similar
from fimls.context.wording import spoken_of
from fimls.context.worth import by_worth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fimls.context.mix import Piece
    from fimls.context.outline import Count
    from fimls.context.recent import Edited
    from fimls.context.seeds import Seeds
    from fimls.context.similar import Alike, Excerpt
    from fimls.context.window import Window
    from fimls.repository.facts import Definition, RepoView
    from fimls.text.cleared import Cleared
    from fimls.text.hole import Hole


class Source(StrEnum):
    """Where pieces are from."""

    MAP = "map"
    IMPORTS = "imports"
    PAIR = "pair"
    SIMILAR = "similar"
    RECENT = "recent"


ALL: Final = frozenset(Source)
"""Every source, as completions have them."""

# How much the list of each source counts.  The map knows what the second and third list as well,
# and they lift it; the last two bring one piece of code each.
_WEIGHTS: Final = {
    Source.MAP: 1.0,
    Source.IMPORTS: 0.1,
    Source.PAIR: 0.3,
    Source.SIMILAR: 0.9,
    Source.RECENT: 0.9,
}

# The best entries of a ranking that are worth a look: an entry takes some 16 tokens, and those that
# do not fit are passed over.
_ENTRY_TOKENS: Final = 8
_SPARE_ENTRIES: Final = 32

# Estimates err: in 500 cases one outline had 1 % more tokens than was counted, by the embedded
# model's own tokenizer, and half of them had 13 % fewer.  Of few lines they err by more.
_TRUSTED_SHARE: Final = 0.97
_SPARE_TOKENS: Final = 2

# A piece of code takes the room of six signatures: beside a map there is one of each kind.
_MOST_EXCERPTS: Final = 1


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is shown of one file: where it is from, why it is there, what it takes of the budget."""

    path: str
    text: Cleared
    kind: str
    reason: str
    tokens: int
    score: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was gathered for a hole, and for what moment.

    `version` is that of the view.  `shown` are the definitions in the snippets, `ranking` the best
    entries whether they are shown or not, `names` what they were looked for by.
    """

    path: str
    version: int
    snippets: tuple[Snippet, ...]
    shown: tuple[Entry, ...]
    tokens: int = 0
    ranking: tuple[Entry, ...] = field(default=(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)


def gather(
    view: RepoView,
    hole: Hole,
    window: Window,
    budget_tokens: int,
    count: Count,
    recent: Sequence[Edited] = (),
    *,
    sources: frozenset[Source] = ALL,
    comment: str = "",
    per_file: int = 0,
) -> Gathered:
    """What the model is shown of a repository for a hole; `count` estimates tokens.

    `comment` is what begins each line of it in the prompt, "" where nothing does, and `per_file`
    the tokens that each file takes there beside its path and its lines.  The snippets are sorted by
    path, and the same input gives the same bytes.
    """
    seeds = seeds_of(view, hole, window, recent)
    like = alike(view, hole.path, window)
    most_entries = _SPARE_ENTRIES + budget_tokens // _ENTRY_TOKENS
    ranking = ranked(view, seeds, most_entries, like.chunks)
    best = by_worth(ranking, spoken_of(window))
    lists = _lists(view, seeds, best, like, recent, sources)
    trusted = max(0, int(budget_tokens * _TRUSTED_SHARE) - _SPARE_TOKENS)
    outline = Outline(view, trusted, count, comment, per_file)
    pieces = fused([Listed(given, _WEIGHTS[source]) for source, given in lists.items()])
    most = _MOST_EXCERPTS if Source.MAP in sources else len(pieces)
    definitions, excerpts = fill(outline, pieces, most)
    shown = _entries(definitions, ranking, seeds)
    snippets = _snippets(outline, shown, excerpts, dict(pieces), count)
    names = frozenset(seeds.names)
    return Gathered(hole.path, view.version, snippets, shown, outline.tokens, ranking, names)


def _lists(
    view: RepoView,
    seeds: Seeds,
    best: Sequence[Definition],
    like: Alike,
    recent: Sequence[Edited],
    sources: frozenset[Source],
) -> Mapping[Source, Sequence[Piece]]:
    """What each source that is wanted offers, the best first."""
    offers: Mapping[Source, Callable[[], Sequence[Piece]]] = {
        Source.MAP: lambda: best,
        Source.IMPORTS: lambda: imported(view, seeds),
        Source.PAIR: lambda: paired(view, seeds),
        Source.SIMILAR: lambda: similar(like),
        Source.RECENT: lambda: recently_edited(seeds.path, recent),
    }
    return {source: offer() for source, offer in offers.items() if source in sources}


def _entries(
    definitions: Sequence[Definition], ranking: Sequence[Entry], seeds: Seeds
) -> tuple[Entry, ...]:
    known = {each.definition: each for each in ranking}
    return tuple(
        known.get(each) or Entry(each, 0.0, "of a file that belongs here") for each in definitions
    )


def _snippets(
    outline: Outline,
    shown: Sequence[Entry],
    excerpts: Sequence[Excerpt],
    scores: Mapping[Piece, float],
    count: Count,
) -> tuple[Snippet, ...]:
    """One snippet for each file of the outline and for each excerpt, sorted by path."""
    made = [
        _of_file(path, outline, [each for each in shown if each.definition.path == path], count)
        for path in outline.paths
    ]
    made += [_of_excerpt(each, scores[each], count) for each in excerpts]
    return tuple(sorted(made, key=lambda each: (each.path, each.kind, each.text)))


def _of_file(path: str, outline: Outline, shown: Sequence[Entry], count: Count) -> Snippet:
    text = clear(outline.text_of(path))
    best = max(shown, key=lambda each: each.score)
    reasons = dict.fromkeys(each.reason for each in shown)
    score = sum(each.score for each in shown)
    kind = Source.MAP if best.score else Source.PAIR
    return Snippet(path, text, kind, "; ".join(reasons), count(text), score)


def _of_excerpt(excerpt: Excerpt, score: float, count: Count) -> Snippet:
    text = clear(excerpt.text)
    return Snippet(excerpt.path, text, excerpt.kind, excerpt.reason, count(text), score)

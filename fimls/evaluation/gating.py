"""How long one syntax gate takes with its repairs, and all filters together.

It is the processor's time, so that what else the machine does counts little.
"""

from __future__ import annotations

import random
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Final, ParamSpec

from fimls.completion.post import Site, fit, gate
from fimls.completion.post.draft import Draft
from fimls.completion.values import Extent, Shape
from fimls.documents.snapshot import LastTree, Snapshot
from fimls.evaluation.breaking import BREAKINGS
from fimls.syntax.tree import parse
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fimls.evaluation.volume import Middle, Volume
    from fimls.syntax.tree import Tree

P = ParamSpec("P")

PLACES: Final = 40
"""Middles of the document at which the gate is tried, all over it."""

# Grammars are loaded and code is warm after these; they are not counted.
_WARM_UP: Final = 3


def times(volume: Volume, places: int = PLACES) -> Iterator[tuple[str, float]]:
    """What was done and the milliseconds it took, at so many places of a document.

    Each middle is said as it is and broken, where the document is in order but for the hole and
    where a line above breaks it as well.
    """
    tree = parse(volume.text, language_of(volume.language).grammar)
    chosen = spread(volume.middles, places)
    for number, middle in enumerate((*chosen[:_WARM_UP], *chosen)):
        for line in ("", volume.breaks[number % len(volume.breaks)]):
            for what, time_ms in _times_at(volume, tree, middle, line):
                if number >= _WARM_UP:
                    yield what, time_ms


def spread(middles: Sequence[Middle], places: int) -> list[Middle]:
    """At the most so many of the middles, all over the document."""
    return [middles[at] for at in sorted({len(middles) * at // places for at in range(places)})]


def _times_at(
    volume: Volume, tree: Tree | None, middle: Middle, line: str
) -> Iterator[tuple[str, float]]:
    """The times for a middle, with a line that breaks the text above it."""
    text, state = volume.text, "broken" if line else "good"
    body, after = text[middle.start : middle.end], text[middle.end :]
    before = text[: middle.above] + line + text[middle.above : middle.start]
    # What was found out about one site is remembered: each text has a new one.
    last_tree = LastTree(tree=tree, is_behind=bool(line))
    site = partial(_site, volume.language, before, after, last_tree)
    yield f"all filters: in {state} text", _timed(fit, body, site(), done=True)
    yield f"gate: fitting, in {state} text", _timed(gate.apply, Draft(body), site())
    rng = random.Random(middle.start)  # noqa: S311 - it is to be the same each time.
    for broken in (breaking(body, rng) for breaking in BREAKINGS.values()):
        if broken is not None:
            yield f"gate: broken, in {state} text", _timed(gate.apply, Draft(broken), site())


def _site(language: str, before: str, after: str, last_tree: LastTree) -> Site:
    """A hole in a document of which an earlier text has been parsed, as the engine makes it."""
    snap = Snapshot("", 1, language_of(language), "", before + after, "", last_tree)
    return Site(snap.hole_at(len(before)), snap.tree, Shape(Extent.BLOCK))


def _timed(work: Callable[P, object], *arguments: P.args, **options: P.kwargs) -> float:
    start_s = process_time()
    work(*arguments, **options)
    return (process_time() - start_s) * 1000

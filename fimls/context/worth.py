"""Worth: in which order entries are taken, by what they score for the room that they take.

A path, and the header of a class, take as much room as an entry does.  So the first entry below one
of them pays for it, and the others are cheaper from then on.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING, Final

from fimls.context.wording import gain
from fimls.repository.facts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fimls.context.map import Entry
    from fimls.repository.facts import Definition

    # A file, or a class in it.
    Place = tuple[str, str]

# The figures of this file were chosen on the packages that `docs/context.md` names for it.

# Less than 1, so that a long signature that matters more still comes first.
_ROOM_POWER: Final = 0.8

# Characters that a line takes beside its text, and the header of a class beside its name.
_LINE_CHARS: Final = 6
_HEADER_CHARS: Final = 14

# Longer ones are cut (`outline.py`).
_MOST_CHARS: Final = 60
_MOST_VARIABLE_CHARS: Final = 40
_VARIABLES: Final = frozenset({Kind.FIELD, Kind.CONSTANT})

# A walk comes through a class to its members, which are what is written behind a dot; the class
# is shown above them all the same.
_BY_KIND: Final = {Kind.CLASS: 0.35, Kind.METHOD: 1.3}


def by_worth(ranking: Sequence[Entry], spoken: Mapping[str, float]) -> tuple[Definition, ...]:
    """The ranking once more, the entry that is worth most for its room first.

    `spoken` is of what the code around the hole speaks.  Equal ones are in the order of the
    ranking.
    """
    scores = [_score(entry, spoken) for entry in ranking]
    below: dict[Place, list[int]] = defaultdict(list)
    for at, entry in enumerate(ranking):
        for place in _places(entry.definition):
            below[place].append(at)
    opened: set[Place] = set()
    heap = [(-_worth(scores[at], each.definition, opened), at) for at, each in enumerate(ranking)]
    heapify(heap)
    taken: dict[int, Definition] = {}
    while heap:
        _worth_of_it, at = heappop(heap)
        if at in taken:
            continue
        taken[at] = ranking[at].definition
        fresh = [place for place in _opens(taken[at]) if place not in opened]
        opened.update(fresh)
        # What is cheaper now goes in once more; the dearer one of the two is met later.
        for other in chain.from_iterable(below[place] for place in fresh):
            if other not in taken:
                worth = _worth(scores[other], ranking[other].definition, opened)
                heappush(heap, (-worth, other))
    return tuple(taken.values())


def _places(definition: Definition) -> Iterator[Place]:
    """What has to be named above a definition."""
    yield definition.path, ""
    if definition.container:
        yield definition.path, definition.container


def _opens(definition: Definition) -> tuple[Place, Place]:
    """What is named once a definition is shown: a class is its own header."""
    own = definition.container or definition.name
    return (definition.path, ""), (definition.path, own)


def _score(entry: Entry, spoken: Mapping[str, float]) -> float:
    definition = entry.definition
    return entry.score * _BY_KIND.get(definition.kind, 1.0) * gain(definition.name, spoken)


def _worth(score: float, definition: Definition, opened: set[Place]) -> float:
    most = _MOST_VARIABLE_CHARS if definition.kind in _VARIABLES else _MOST_CHARS
    room = _LINE_CHARS + min(len(definition.signature), most)
    if (definition.path, "") not in opened:
        room += _LINE_CHARS + len(definition.path)
    if definition.container and (definition.path, definition.container) not in opened:
        room += _HEADER_CHARS + len(definition.container)
    return float(score / room**_ROOM_POWER)

"""Worth: in which order entries are taken, by what they score for the room that they take.

A path, and the header of a class, take as much room as an entry does.  So the first entry below one
of them pays for it, and the others are cheaper from then on.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.context.outline import MOST_SIGNATURE_CHARS, VARIABLES
from fimls.context.wording import gain
from fimls.repository.facts import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.context.map import Entry
    from fimls.repository.facts import Definition

    # A file, or a class in it.
    Place = tuple[str, str]

# The figures of this file were chosen on the packages that `docs/evaluation.md` names for it.

# Less than 1, so that a long signature that matters more still comes first.
_ROOM_POWER: Final = 0.8

# Characters that a line takes beside its text, and the header of a class beside its name.
_LINE_CHARS: Final = 6
_HEADER_CHARS: Final = 14

# A name, and the begin of a value: what follows it is cut (`outline.py`).
_MOST_VARIABLE_CHARS: Final = 40

# A walk comes through a class to its members, which are what is written behind a dot; the class
# is shown above them all the same.
_BY_KIND: Final = {Kind.CLASS: 0.35, Kind.METHOD: 1.3}


class _Offer(NamedTuple):
    """What a definition scores, and the room of itself, of its path and of its class's header."""

    definition: Definition
    score: float
    own: int
    path: int
    header: int


def by_worth(ranking: Sequence[Entry], spoken: Mapping[str, float]) -> tuple[Definition, ...]:
    """The ranking once more, the entry that is worth most for its room first.

    `spoken` is of what the code around the hole speaks.  Equal ones are in the order of the
    ranking.
    """
    offers = [_offer(entry, spoken) for entry in ranking]
    below = _below(offers)
    opened: set[Place] = set()
    heap = [(-_worth(each, opened), at) for at, each in enumerate(offers)]
    heapify(heap)
    taken: dict[int, Definition] = {}
    while heap:
        _worth_of_it, at = heappop(heap)
        if at in taken:
            continue
        taken[at] = offers[at].definition
        fresh = [place for place in _opens(taken[at]) if place not in opened]
        opened.update(fresh)
        # What is cheaper now goes in once more; the dearer one of the two is met later.
        for other in chain.from_iterable(below.get(place, ()) for place in fresh):
            if other not in taken:
                heappush(heap, (-_worth(offers[other], opened), other))
    return tuple(taken.values())


def _offer(entry: Entry, spoken: Mapping[str, float]) -> _Offer:
    definition = entry.definition
    score = entry.score * _BY_KIND.get(definition.kind, 1.0) * gain(definition.name, spoken)
    most = _MOST_VARIABLE_CHARS if definition.kind in VARIABLES else MOST_SIGNATURE_CHARS
    own = _LINE_CHARS + min(len(definition.signature), most)
    header = _HEADER_CHARS + len(definition.container) if definition.container else 0
    return _Offer(definition, score, own, _LINE_CHARS + len(definition.path), header)


def _below(offers: Sequence[_Offer]) -> Mapping[Place, list[int]]:
    """What has to be named above which of the offers."""
    below: dict[Place, list[int]] = defaultdict(list)
    for at, (definition, *_) in enumerate(offers):
        below[definition.path, ""].append(at)
        if definition.container:
            below[definition.path, definition.container].append(at)
    return below


def _opens(definition: Definition) -> tuple[Place, Place]:
    """What is named once a definition is shown: a class is its own header."""
    own = definition.container or definition.name
    return (definition.path, ""), (definition.path, own)


def _worth(offer: _Offer, opened: set[Place]) -> float:
    definition, score, room, path, header = offer
    if (definition.path, "") not in opened:
        room += path + header
    elif header and (definition.path, definition.container) not in opened:
        room += header
    return float(score / room**_ROOM_POWER)

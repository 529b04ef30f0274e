"""The map: which definitions of other files matter at a hole, ranked from what stands around it."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.context.graph import Edge, Graph
from fimls.context.push import pushed
from fimls.repository.facts import Definition, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fimls.context.seeds import Seeds
    from fimls.repository.facts import Chunk, RepoView

# The figures of this file were chosen on the packages that `docs/evaluation.md` names for it.

# A walk starts anew with this chance: short walks, because what matters is near.
_RESTART: Final = 0.2

# What is under this at a node is not carried on; and so many nodes are carried on from at most.
_LEAST: Final = 1e-3
_MOST_STEPS: Final = 16

# The signature of a name that the window shows may help, the name itself is known already; and
# what an implementation calls by itself is seldom written down.
_SHOWN_FACTOR: Final = 0.05
_HIDDEN: Final = "__"

# What a thing is called tells its class less surely than the class's own name.
_BY_NAME: Final = 0.8

# Members are used behind a dot.  Some languages let a class name its own without one.
_BARE_FACTOR: Final = 0.2

# Each of two definitions of a name gets more than half: one of them is meant, and the other one
# is shown in vain at the worst.
_SPLIT_POWER: Final = 0.7

# Files that are imported weigh less than names: each name in them gets a little.
_FILE_FACTOR: Final = 0.5

# Files that use the same names, of which something is taken, and how much that counts: pieces
# that are alike tell more, and a file more takes its time.
_MOST_FILES: Final = 1
_USED_FACTOR: Final = 0.8

# What is used in code like that around the hole counts more than all the rest: it is what the next
# lines are likely to use, and the window does not show it.  The second likest counts less.
# Much more of it would change the map too often while the cursor moves on.
_ALIKE_FACTOR: Final = 4.0


class Entry(NamedTuple):
    """A definition in the map, with its score and why it is there."""

    definition: Definition
    score: float
    reason: str


def ranked(
    view: RepoView, seeds: Seeds, most: int, alike: Sequence[Chunk] = ()
) -> tuple[Entry, ...]:
    """The definitions of other files by how much they matter, the best first, `most` of them.

    `alike` are pieces like the code around the hole, the likest first.  Deterministic: equal scores
    are in the order of path and line.
    """
    graph = Graph(view, seeds)
    start = _starts(graph, seeds, alike)
    total = sum(start.values())
    if not total:
        return ()
    shares = {node: weight / total for node, weight in start.items()}
    rank = pushed(shares, graph.edges, restart=_RESTART, least=_LEAST, most_steps=_MOST_STEPS)
    scored = [
        (-_score(definition, rank[node], seeds), definition.path, definition.line, node)
        for node, definition in enumerate(graph.definitions)
        if node in rank and definition.path != seeds.path and definition.kind is not Kind.MODULE
    ]
    best = ((graph.definitions[node], -score) for score, _, _, node in sorted(scored)[:most])
    return tuple(Entry(each, score, _reason(each, seeds)) for each, score in best)


def _starts(graph: Graph, seeds: Seeds, alike: Sequence[Chunk]) -> dict[int, float]:
    """What the names mean, what they are like, the files, and what is used with the names."""
    start: dict[int, float] = {}
    telling: dict[str, float] = {}

    def add(edges: Iterable[Edge], weight: float) -> None:
        for node, share in edges:
            start[node] = start.get(node, 0.0) + weight * share

    for name, weight in seeds.names.items():
        if found := graph.meant(name):
            telling[name] = weight * graph.rarity(name)
            bare = name not in seeds.members
            add(_split(found, graph.definitions, is_bare=bare), telling[name])
    for name, weight in _class_names(seeds.names):
        add(_split(graph.types(name), graph.definitions), weight * _BY_NAME)
    for path, weight in seeds.files.items():
        add(graph.given_by(path), weight * _FILE_FACTOR)
    users = graph.users(telling)
    for path in sorted(users, key=lambda path: (-users[path], path))[:_MOST_FILES]:
        add(graph.used_in(path), users[path] * _USED_FACTOR)
    pieces = [(each.identifiers, 1 / sqrt(place)) for place, each in enumerate(alike, 1)]
    add(graph.used_alike(pieces), _ALIKE_FACTOR)
    return start


def _split(
    found: tuple[int, ...], definitions: list[Definition], *, is_bare: bool = False
) -> Iterator[Edge]:
    """What each of a name's definitions gets of the name's weight."""
    share = 1 / len(found) ** _SPLIT_POWER if found else 0.0
    for each in found:
        is_unlikely = is_bare and definitions[each].container
        yield each, share * _BARE_FACTOR if is_unlikely else share


def _class_names(names: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """The types that names of things speak of: `http_request` of `HttpRequest` and `Request`."""
    for name, weight in names.items():
        if name.islower() and len(name) > 2:
            parts = [part.capitalize() for part in name.split("_") if part]
            yield "".join(parts), weight
            if len(parts) > 1:
                yield parts[-1], weight / 2


def _score(definition: Definition, mass: float, seeds: Seeds) -> float:
    if definition.name in seeds.shown:
        mass *= _SHOWN_FACTOR
    return mass * _SHOWN_FACTOR if definition.name.startswith(_HIDDEN) else mass


def _reason(definition: Definition, seeds: Seeds) -> str:
    if definition.name in seeds.imported:
        return "imported here"
    if definition.name in seeds.names:
        return "named in this file"
    if definition.container in seeds.bases:
        return "of a base of the class around"
    if definition.container and definition.container in seeds.names:
        return f"of {definition.container}, named in this file"
    if definition.path in seeds.files:
        return "in a file that is imported here"
    return "used with what is named here"

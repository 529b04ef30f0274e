"""The reference graph of a view, as far as it is asked for: what leads from a name to others.

Nothing is built beforehand.  An edge is looked up when its node is reached, so that a view of ten
thousand files costs no more than one of a hundred.
"""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING, Final

from fimls.context.seeds import words_of
from fimls.repository.facts import Definition, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fimls.context.seeds import Seeds
    from fimls.repository.facts import FileFacts, RepoView

Edge = tuple[int, float]
"""A definition, by its number in the graph, and a share."""

# The figures of this file were chosen on the packages that `docs/evaluation.md` names for it.

# A name that more files define means what is imported by that name, or nothing.
_MOST_DEFINERS: Final = 24

# A name that more files use says nothing about any of them; and so many names are looked at.
_MOST_USERS: Final = 48
_TELLING_NAMES: Final = 30

# Names that are taken of a file that uses the same ones as the hole's.
_MOST_USED: Final = 12

# Names that are taken of all pieces that are like the code around the hole.
_MOST_USED_ALIKE: Final = 24

# Of a walk that stands at a class: what goes on to its members, bases, types in its header.
_MEMBERS, _BASES, _TYPES = 0.8, 0.1, 0.1

# At something else: to the types in its signature, to the class that it stands in.
_SIGNATURE, _CONTAINER = 0.5, 0.1

# A class with few members gives each of them no more than it would as one of so many.
_FEWEST_MEMBERS: Final = 4

_TYPES_OF_THINGS: Final = frozenset({Kind.CLASS, Kind.TYPE})


class Graph:
    """The edges around a hole, each looked up once.

    Definitions are known by numbers, in the order in which they were met: comparing them by all
    that they say would take longer than the whole walk.
    """

    def __init__(self, view: RepoView, seeds: Seeds) -> None:
        self.definitions: list[Definition] = []
        self._numbers: dict[Definition, int] = {}
        self._view = view
        self._seeds = seeds
        self._files = max(len(view.files()), 2)
        self._facts: dict[str, FileFacts | None] = {}
        self._rarity: dict[str, float] = {}
        self._weights: dict[str, float] = {}
        self._meant: dict[str, tuple[int, ...]] = {}
        self._types: dict[str, tuple[int, ...]] = {}

    def rarity(self, name: str) -> float:
        """1 for a name with one definition, towards 0 for one that every file defines."""
        if name not in self._rarity:
            definers = max(self._view.defining_count(name), 1)
            most = log(1 + self._files / 2)
            self._rarity[name] = sqrt(log(1 + self._files / (1 + definers)) / most)
        return self._rarity[name]

    def meant(self, name: str) -> tuple[int, ...]:
        """The definitions that a name at the hole may mean, in the order of path and line."""
        if name not in self._meant:
            self._meant[name] = tuple(self._number(each) for each in self._choose(name))
        return self._meant[name]

    def types(self, name: str) -> tuple[int, ...]:
        """Those of them that are classes or other types."""
        if name not in self._types:
            self._types[name] = tuple(
                each for each in self.meant(name) if self.definitions[each].kind in _TYPES_OF_THINGS
            )
        return self._types[name]

    def edges(self, node: int) -> Iterable[Edge]:
        """Where a walk goes on from a definition; the shares add up to 1 at the most."""
        definition = self.definitions[node]
        if definition.kind in _TYPES_OF_THINGS:
            return self._of_type(definition)
        return self._of_other(definition)

    def given_by(self, path: str) -> list[Edge]:
        """What a file gives to others: rare names count more, and the shares add up to 1."""
        facts = self._file(path)
        given = [each for each in facts.definitions if not each.container] if facts else []
        weights = [self._weight(each.name) for each in given]
        total = sum(weights)
        pairs = zip(given, weights, strict=True)
        return [(self._number(each), weight / total) for each, weight in pairs]

    def users(self, names: Mapping[str, float]) -> dict[str, float]:
        """Files that use some names, by how much: a name with fewer users says more of each."""
        files: dict[str, float] = {}
        for name in sorted(names, key=lambda name: (-names[name], name))[:_TELLING_NAMES]:
            paths = self._view.referring(name)
            if 1 < len(paths) <= _MOST_USERS:
                for path in paths:
                    files[path] = files.get(path, 0.0) + names[name] / len(paths)
        files.pop(self._seeds.path, None)
        return files

    def used_in(self, path: str) -> Iterator[Edge]:
        """What a file uses most of what others seldom define; the shares add up to 1."""
        facts = self._file(path)
        if facts is None:
            return
        given = {each.name for each in facts.definitions}
        counts = {name: count for name, count in facts.references.items() if name not in given}
        yield from self._used([(counts, 1.0)], _MOST_USED)

    def used_alike(self, pieces: Iterable[tuple[Mapping[str, int], float]]) -> Iterator[Edge]:
        """What pieces of code use most of what is seldom defined; the shares add up to 1.

        Each is given by how often it uses which names, and by how much it counts.
        """
        return self._used(pieces, _MOST_USED_ALIKE)

    def _used(self, pieces: Iterable[tuple[Mapping[str, int], float]], most: int) -> Iterator[Edge]:
        weights: dict[str, float] = {}
        for counts, weight in pieces:
            for name, count in counts.items():
                if name not in self._seeds.shown and self._view.defining_count(name):
                    use = weight * sqrt(count) * self.rarity(name)
                    weights[name] = weights.get(name, 0.0) + use
        best = sorted(weights, key=lambda name: (-weights[name], name))[:most]
        total = sum(weights[name] for name in best)
        for name in best:
            found = self.meant(name)
            yield from ((each, weights[name] / total / len(found)) for each in found)

    def _weight(self, name: str) -> float:
        """More for a name that few files define, and for one that more files use."""
        if name not in self._weights:
            used = log(2 + len(self._view.referring(name))) ** 2
            self._weights[name] = self.rarity(name) * used
        return self._weights[name]

    def _number(self, definition: Definition) -> int:
        known = self._numbers.get(definition)
        if known is None:
            known = self._numbers[definition] = len(self.definitions)
            self.definitions.append(definition)
        return known

    def _file(self, path: str) -> FileFacts | None:
        if path not in self._facts:
            self._facts[path] = self._view.facts(path)
        return self._facts[path]

    def _choose(self, name: str) -> tuple[Definition, ...]:
        count = self._view.defining_count(name)
        if not count or (count > _MOST_DEFINERS and name not in self._seeds.imported):
            return ()
        found = self._view.defining(name)
        if len(found) > 1 and name in self._seeds.imported:
            files = self._seeds.files
            imported = tuple(each for each in found if each.path in files and not each.container)
            if imported:
                return imported
        return found if len(found) <= _MOST_DEFINERS else ()

    def _of_type(self, node: Definition) -> Iterator[Edge]:
        facts = self._file(node.path)
        if facts is None:
            return
        members = [each for each in facts.definitions if each.container == node.name]
        weights = [self._weight(each.name) for each in members]
        share = _MEMBERS / max(sum(weights), _FEWEST_MEMBERS)
        for each, weight in zip(members, weights, strict=True):
            yield self._number(each), share * weight
        yield from self._named(facts.bases.get(node.name, ()), _BASES)
        yield from self._named(_words(node), _TYPES)

    def _of_other(self, node: Definition) -> Iterator[Edge]:
        yield from self._named(_words(node), _SIGNATURE)
        if node.container:
            holders = self.types(node.container)
            near = (each for each in holders if self.definitions[each].path == node.path)
            yield from ((each, _CONTAINER) for each in [*near][:1])

    def _named(self, names: Iterable[str], share: float) -> Iterator[Edge]:
        """The types among some names, which share what is given."""
        types = [found for name in names if (found := self.types(name))]
        for found in types:
            yield from ((each, share / len(types) / len(found)) for each in found)


def _words(node: Definition) -> Iterator[str]:
    """The names that a signature mentions."""
    return (name for name in dict.fromkeys(words_of(node.signature)) if name != node.name)

"""Neighbours: what the imported modules and the paired file define, as lists of definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.context.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fimls.context.seeds import Seeds
    from fimls.repository.facts import Definition, RepoView

# Definitions listed of each file: beyond that the budget is spent anyway.
_MOST_OF_A_FILE: Final = 40


def imported(view: RepoView, seeds: Seeds) -> tuple[Definition, ...]:
    """The public definitions of the files that are imported or were edited: named ones first."""
    found = [each for path in seeds.files for each in _public(view, path)]
    return tuple(sorted(found, key=lambda each: -seeds.names.get(each.name, 0.0)))


def paired(view: RepoView, seeds: Seeds) -> tuple[Definition, ...]:
    """What is defined by the file that a test is about, or by the header of a source."""
    found = [each for path in pairs_of(view, seeds.path) for each in _public(view, path)]
    return tuple(sorted(found, key=lambda each: -seeds.names.get(each.name, 0.0)))


def _public(view: RepoView, path: str) -> Iterable[Definition]:
    facts = view.facts(path)
    given = facts.definitions if facts is not None else ()
    return [each for each in given if not each.container][:_MOST_OF_A_FILE]

"""Keeping: how long what was gathered for a file is shown there.

It stands at the head of the prompt, where a change makes a server read everything anew.  So it is
replaced only when it has become wrong, or much worse than what could be shown (contract §5).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fimls.context.gather import Gathered
    from fimls.repository.facts import Definition, RepoView

# What is kept has to have this share of the best score.
_KEPT_SHARE: Final = 0.7


def settled(kept: Gathered | None, fresh: Gathered, view: RepoView) -> Gathered:
    """What is shown from now on: what was, unless it is wrong or much worse than what is fresh."""
    if kept is None or kept.path != fresh.path or not kept.snippets:
        return fresh
    if kept.version != fresh.version and not (_is_true(kept, view) and _is_whole(kept, fresh)):
        return fresh
    if _worth(kept, fresh) < _KEPT_SHARE * _worth(fresh, fresh):
        return fresh
    # What is new is told by the last look, and not by when this was gathered.
    return replace(kept, version=fresh.version, names=fresh.names, ranking=fresh.ranking)


def _is_true(kept: Gathered, view: RepoView) -> bool:
    """Whether all that is shown is still defined with the same signature."""
    return all(_still(each.definition, view) for each in kept.shown)


def _is_whole(kept: Gathered, fresh: Gathered) -> bool:
    """Whether nothing that would be shown now has been defined since, that the file named before.

    Who writes a class for a name and comes back to use it wants the model to know it, however much
    else is shown.
    """
    known = {_key(each.definition) for each in kept.ranking}
    return not any(
        each.score and each.definition.name in kept.names and _key(each.definition) not in known
        for each in fresh.shown
    )


def _still(definition: Definition, view: RepoView) -> bool:
    facts = view.facts(definition.path)
    given = facts.definitions if facts is not None else ()
    wanted = (definition.name, definition.container, definition.signature)
    return any((each.name, each.container, each.signature) == wanted for each in given)


def _worth(gathered: Gathered, fresh: Gathered) -> float:
    """The score that its entries have by a fresh ranking."""
    scores = {_key(each.definition): each.score for each in fresh.ranking}
    return sum(scores.get(_key(each.definition), 0.0) for each in gathered.shown)


def _key(definition: Definition) -> tuple[str, str, str]:
    # Without the line, which moves with every edit above it.
    return definition.path, definition.container, definition.name

"""What an action is shown of the repository: declarations of what is called, and files nearby."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fimls.actions.definitions import definitions
from fimls.context.gather import gather
from fimls.context.window import Budget, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fimls.actions.collect import Material
    from fimls.context.place import Place
    from fimls.documents.snapshot import Snapshot
    from fimls.syntax.tree import Tree

    Count = Callable[[str], int]

# A page of signatures; who calls more has said what matters with the first of them.
_MOST_SIGNATURES: Final = 16

# A name that more files define says nothing of which one is meant.
_MOST_DEFINING: Final = 3

# The window that names are looked for in; as wide as that of a completion.
_WINDOW: Final = Budget(prefix_tokens=1024, suffix_tokens=160)


def signatures_of(material: Material, tree: Tree | None, place: Place | None) -> str:
    """How the names that a selection calls are declared, a line each: in this file or in others.

    What is declared within the selection is not among them.
    """
    selection = material.selection
    own: dict[str, str] = {}
    for each in definitions(tree) if tree is not None else ():
        if not selection.start <= each.start < selection.end:
            own.setdefault(each.name, " ".join(each.header.split()))
    found: list[str] = []
    for name in material.calls:
        if name in own:
            found.append(own[name])
        elif place is not None:
            found += _declared(name, place)
    return "\n".join(dict.fromkeys(found[:_MOST_SIGNATURES]))


def _declared(name: str, place: Place) -> Iterator[str]:
    """How other files declare a name, if they agree about what it is."""
    if not 0 < place.view.defining_count(name) <= _MOST_DEFINING:
        return
    for each in place.view.defining(name):
        where = f"{each.path}, {each.container}" if each.container else each.path
        said = f": {each.doc}" if each.doc else ""
        if each.path != place.path:
            yield f"{each.signature}    ({where}{said})"


def context_of(place: Place | None, snap: Snapshot, offset: int, tokens: int, count: Count) -> str:
    """What matters of other files at a place, in so many tokens at the most; "" for nothing."""
    if place is None or tokens <= 0:
        return ""
    hole = replace(snap.hole_at(offset), path=place.path)
    window = cut(hole, _WINDOW, count)
    found = gather(place.view, hole, window, tokens, count, place.recent)
    return "\n".join(_block(each.path, each.text) for each in found.snippets)


def _block(path: str, text: str) -> str:
    return f"{path}:\n```\n{text}\n```"

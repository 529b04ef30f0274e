"""What an action is about, before any model is looked for: what is there, and where code goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fimls.actions.collect import collect, selected
from fimls.actions.definitions import around
from fimls.actions.refusing import refused_place, refused_site
from fimls.actions.request import Name, Refusal
from fimls.actions.sites import site_of_fix, site_of_instruction, site_of_selection

if TYPE_CHECKING:
    from fimls.actions.collect import Material
    from fimls.actions.place import Site
    from fimls.actions.request import Request
    from fimls.clock import Clock
    from fimls.documents.snapshot import Snapshot
    from fimls.syntax.tree import Tree


@dataclass(frozen=True, slots=True)
class Work:
    """An action that can be done: what is there, and the site that its code is for."""

    request: Request
    material: Material
    site: Site
    tree: Tree | None

    @property
    def name(self) -> Name:
        """Which action it is."""
        return self.request.name


async def prepared(request: Request, clock: Clock) -> Work | Refusal:
    """What is there, or why there is nothing to do; no model is needed to tell."""
    tree = await _tree_of(request.snap, clock)
    material = _material(request, tree)
    refused = refused_place(request, material)
    if refused is not None:
        return refused
    site = _site_of(request.name, material, tree)
    refused = None if request.name is Name.EXPLAIN else refused_site(site)
    return Work(request, material, site, tree) if refused is None else refused


async def _tree_of(snap: Snapshot, clock: Clock) -> Tree | None:
    """The tree, parsed in pieces between which others have their turn."""
    while snap.tree is None and snap.settle():
        await clock.sleep(0)
    if snap.tree is not None or not snap.can_have_tree:
        return snap.tree
    from fimls.syntax.tree import parse

    return parse(snap.text, snap.language.grammar)


def _material(request: Request, tree: Tree | None) -> Material:
    snap = request.snap
    start, end = sorted((request.start, request.end))
    found = collect(
        snap.text,
        snap.language,
        tree,
        start,
        end,
        path=snap.path,
        diagnostics=request.diagnostics,
    )
    if request.name is Name.GENERATE:
        return found
    # Whatever comment is there, it is not what is asked for.
    found = replace(found, instruction=None)
    if request.name is Name.EXPLAIN and start == end and tree is not None:
        return _of_scope(found, tree, start)
    return found


def _of_scope(material: Material, tree: Tree, offset: int) -> Material:
    """For a cursor: the function or class that it is in, as if that were selected."""
    scopes = around(tree, offset)
    if not scopes:
        return material
    scope = scopes[0]
    whole = collect(material.text, material.language, tree, scope.start, scope.end)
    selection = selected(material.text, scope.start, scope.end)
    return replace(material, selection=selection, scopes=scopes[1:], calls=whole.calls)


def _site_of(name: Name, material: Material, tree: Tree | None) -> Site:
    if material.instruction is not None:
        return site_of_instruction(material, material.instruction)
    if name is Name.FIX:
        return site_of_fix(material, tree, material.diagnostics)
    return site_of_selection(material)

"""The site of an action: which range its code is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.actions.collect import lines_to_fix
from fimls.actions.place import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.actions.collect import Diagnostic, Material
    from fimls.actions.instruction import Instruction
    from fimls.syntax.tree import Tree


def site_of_instruction(material: Material, instruction: Instruction) -> Site:
    """Where the code for a comment goes: below it, or over what has been begun there."""
    text, language = material.text, material.language
    if instruction.begun is not None:
        return Site(text, language, *instruction.begun)
    start, end = instruction.start, instruction.end
    return Site(text, language, start, end, is_below=True, until=instruction.placeholder)


def site_of_selection(material: Material) -> Site:
    """The selection, and nothing but it."""
    selection = material.selection
    return Site(material.text, material.language, selection.start, selection.end)


def site_of_fix(material: Material, tree: Tree | None, diagnostics: Sequence[Diagnostic]) -> Site:
    """The whole lines of diagnostics, or the smallest statement around them."""
    return Site(material.text, material.language, *lines_to_fix(material.text, tree, diagnostics))

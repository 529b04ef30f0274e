"""Pictures of edits: a document with each text that is put into it between `├` and `┤`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.actions.collect import Diagnostic, collect
from fimls.actions.proposal import Task
from fimls.actions.sites import site_of_fix, site_of_instruction, site_of_selection
from fimls.syntax.tree import parse
from fimls.testing.marks import CLOSE, OPEN, marked
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fimls.actions.place import Site
    from fimls.text.edits import Edit


def drawn(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits; what they replace is gone."""
    parts, done = [], 0
    for edit in edits:
        parts += [text[done : edit.start], OPEN, edit.text, CLOSE]
        done = edit.end
    return "".join((*parts, text[done:]))


def task_of(picture: str, action: str, language: str, *, path: str = "", schema: str = "") -> Task:
    """What an action at the cursor, or over the selection between `├` and `┤`, is for."""
    return Task(site_of(picture, action, language), path, schema)


def site_of(picture: str, action: str, language: str) -> Site:
    """The site of an action in a picture."""
    said = marked(picture)
    text, start, end = said.result, said.offset, said.offset + len(said.inserted)
    known = language_of(language)
    tree = parse(text, known.grammar)
    material = collect(text, known, tree, start, end)
    if action == "generate":
        assert material.instruction is not None, "there is no comment at the cursor"
        return site_of_instruction(material, material.instruction)
    if action == "fix":
        return site_of_fix(material, tree, [Diagnostic(start, end, "wrong")])
    return site_of_selection(material)

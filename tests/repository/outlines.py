"""Pictures of outlines: a text, and what is said to be defined in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.repository.tags import facts_of
from fimls.text.languages import language_of
from fimls.text.lines import to_lf

if TYPE_CHECKING:
    from fimls.repository.facts import FileFacts


def facts(path: str, text: str) -> FileFacts:
    return facts_of(to_lf(text), path, language_of("", path))


def outline(path: str, text: str) -> list[str]:
    """One line a definition: `line kind container.name | signature | documentation`."""
    return [
        f"{each.line} {each.kind} {f'{each.container}.' if each.container else ''}{each.name}"
        f" | {each.signature}" + (f" | {each.doc}" if each.doc else "")
        for each in facts(path, text).definitions
    ]

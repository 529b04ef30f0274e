"""Masked lines: places where a line that uses names of other files is to be written anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from fimls.context.seeds import IMPORT
from fimls.context.window import Budget, Window, cut
from fimls.evaluation.context_view import Masked, MemoryView
from fimls.repository.tags import facts_of
from fimls.text.hole import Hole
from fimls.text.languages import language_of
from fimls.text.tokens import CODE_LLAMA, count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.repository.facts import RepoView

# The window of a completion (`fimls/completion/prompt.py`), counted for the preferred family.
WINDOW: Final = Budget(prefix_tokens=1024, suffix_tokens=160)
COUNT: Final = partial(count, rate=CODE_LLAMA)

_WORD: Final = re.compile(r"[^\W\d]\w*")

# Lines that are tried for each that is wanted: most have no name that the window does not show.
_TRIES: Final = 60


@dataclass(frozen=True, slots=True)
class MaskedLine:
    """A line that was taken away, and what there is to go by.

    `used` are the names on it that other files define and its own does not, `missing` those of
    them that stand nowhere in the window.
    """

    path: str
    line: int
    text: str
    language: str
    hole: Hole
    window: Window
    view: RepoView
    used: tuple[str, ...]
    missing: tuple[str, ...]


def masked_lines(view: MemoryView, wanted: int, seed: str) -> list[MaskedLine]:
    """Lines with at least one missing name, drawn at random and always the same for a seed."""
    places = [(path, line) for path in view.files() for line in _lines(view.texts[path])]
    Random(seed).shuffle(places)  # noqa: S311  It draws lines.
    found: list[MaskedLine] = []
    for path, line in places[: wanted * _TRIES]:
        if len(found) >= wanted:
            break
        masked = _masked(view, path, line)
        if masked is not None and masked.missing:
            found.append(masked)
    return found


def _lines(text: str) -> Iterator[int]:
    """The lines with words that are no imports."""
    imports: set[int] = set()
    for each in IMPORT.finditer(text):
        first = text.count("\n", 0, each.start())
        imports.update(range(first, first + each[0].count("\n") + 1))
    for line, content in enumerate(text.split("\n")):
        if line not in imports and _WORD.search(content):
            yield line


def _masked(view: MemoryView, path: str, line: int) -> MaskedLine | None:
    lines = view.texts[path].split("\n")
    content = lines[line]
    indent = content[: len(content) - len(content.lstrip())]
    own = view.facts(path)
    words = list(dict.fromkeys(_WORD.findall(content)))
    # Parsing is what takes time: most lines use nothing of other files.
    if own is None or not any(_is_others(view, path, word) for word in words):
        return None
    text = "\n".join([*lines[:line], indent, *lines[line + 1 :]])
    language = language_of("", path)
    facts = facts_of(text, path, language)
    masked = Masked(view, facts)
    own_names = {each.name for each in (*own.definitions, *facts.definitions)}
    used = tuple(
        word
        for word in words
        if own.references.get(word, 0) > facts.references.get(word, 0)
        and word not in own_names
        and _is_others(masked, path, word)
    )
    hole = Hole(text, sum(len(each) + 1 for each in lines[:line]) + len(indent), language, path)
    window = cut(hole, WINDOW, COUNT)
    shown = set(_WORD.findall(f"{window.prefix} {window.suffix}"))
    missing = tuple(word for word in used if word not in shown)
    return MaskedLine(
        path, line, content.strip(), language.name, hole, window, masked, used, missing
    )


def _is_others(view: RepoView, path: str, name: str) -> bool:
    return any(each.path != path for each in view.defining(name))

"""Seeds: the names and files that the place of a hole speaks of, with how much each counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from fimls.context.modules import imported_files, is_known
from fimls.repository.facts import Kind
from fimls.text.finding import finder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fimls.context.recent import Edited
    from fimls.context.window import Window
    from fimls.repository.facts import FileFacts, RepoView
    from fimls.text.hole import Hole

# The figures of this file were chosen on the packages that `docs/evaluation.md` names for it.

# A name this many lines away counts half.
_HALF_LINES: Final = 60

# Lines above and below the hole in which distances are told; all others are far.
_NEAR_LINES: Final = 240

# What a name counts that the file uses far from the hole, beside 1 for one on the hole's line; and
# what one counts at the least that the file imports, wherever it is used.
_FAR: Final = 0.15
_IMPORTED_LEAST: Final = 0.4

# An imported name is surely one of another file; a word may be anything.
_IMPORTED_FACTOR: Final = 2.0

# A word that is neither called, nor a member, nor written like a type is often a local name.
_PLAIN_FACTOR: Final = 0.7

# The bases of the class around the hole: what they define is overridden and called there.
_BASE_WEIGHT: Final = 1.0

# A module that is imported, and a file that was edited lately; its pair counts like an import.
_MODULE_WEIGHT: Final = 1.0
_EDITED_WEIGHT: Final = 1.0

_words: Final = finder(r"[^\W\d]\w*")
_members: Final = finder(r"(?:\.|->|::)([^\W\d]\w*)")
_STRING: Final = re.compile(r"""(["'`])(?:\\.|(?!\1)[^\\])*\1""")
_telling: Final = finder(r"(\.\s*)?([^\W\d]\w*)(\s*\()?")

# Imports as most languages write them: a line, with what it has in brackets.
IMPORT: Final = re.compile(
    r"^[ \t]*(?:pub\s+|export\s+)?(?:import|from|use|using|require)\b"
    r"[^\n({;]*(?:\([^()]*\)|\{[^{}]*\})?[^\n;]*",
    re.MULTILINE,
)
"""An import statement of most languages."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What the place of a hole speaks of.

    `names` are identifiers of the file with their weights, `files` other files with theirs, in a
    fixed order.  `imported` are names in import statements, `members` those that the file uses
    behind a dot, `shown` the words of the window.  `bases` are those of the class around the hole.
    """

    path: str
    names: Mapping[str, float]
    files: Mapping[str, float]
    imported: frozenset[str]
    members: frozenset[str]
    shown: frozenset[str]
    bases: tuple[str, ...] = ()


def seeds_of(view: RepoView, hole: Hole, window: Window, recent: Sequence[Edited] = ()) -> Seeds:
    """The seeds of a hole; `recent` are regions that were edited lately, the last one first."""
    own = view.facts(hole.path)
    imported = frozenset(_imported_names(hole.text))
    near = _near(hole)
    words = own.references if own is not None else dict.fromkeys(_words(hole.text), 1)
    bases = _bases_around(own, hole)
    names = {name: near.get(name, _FAR) for name in sorted({*near, *words, *imported})}
    for name in imported:
        names[name] = max(names[name], _IMPORTED_LEAST) * _IMPORTED_FACTOR
    for name in bases:
        names[name] = names.get(name, 0.0) + _BASE_WEIGHT
    shown = frozenset(chain(_words(window.prefix), _words(window.suffix)))
    files = _files(view, hole, own, recent)
    members = frozenset(_members(hole.text))
    return Seeds(hole.path, names, files, imported, members, shown, bases)


def words_of(text: str) -> list[str]:
    """The identifiers and keywords of a text, in their order, without those in its strings."""
    return _words(_STRING.sub('""', text))


def _imported_names(text: str) -> Iterator[str]:
    for statement in IMPORT.finditer(text):
        yield from _words(statement[0])


def _near(hole: Hole) -> dict[str, float]:
    """What each name near the hole counts, by the nearest place that it stands at."""
    above, below = hole.prefix.split("\n"), hole.suffix.split("\n")
    weights: dict[str, float] = {}
    comment = hole.language.line_comment
    for lines in (reversed(above), iter(below)):
        for distance, line in zip(range(_NEAR_LINES), lines, strict=False):
            weight = _HALF_LINES / (_HALF_LINES + distance)
            code = line.partition(comment)[0] if comment else line
            for member, name, called in _telling(_STRING.sub('""', code)):
                telling = member or called or not name.islower()
                found = weight if telling else weight * _PLAIN_FACTOR
                if found > weights.get(name, 0.0):
                    weights[name] = found
    return weights


def _bases_around(own: FileFacts | None, hole: Hole) -> tuple[str, ...]:
    """The bases of the last class above the hole whose header stands further left."""
    if own is None or not own.bases:
        return ()
    lines = hole.prefix.split("\n")
    depth = _depth(lines[-1])
    for each in reversed(own.definitions):
        if each.kind is not Kind.CLASS or each.line >= len(lines) - 1:
            continue
        if _depth(lines[each.line]) < depth:
            return own.bases.get(each.name, ())
    return ()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _files(
    view: RepoView, hole: Hole, own: FileFacts | None, recent: Sequence[Edited]
) -> dict[str, float]:
    weights: dict[str, float] = {}
    if own is not None:
        weights = dict.fromkeys(imported_files(view, own), _MODULE_WEIGHT)
    for age, each in enumerate(recent, 1):
        if each.path != hole.path and is_known(view, each.path):
            weights[each.path] = weights.get(each.path, 0.0) + _EDITED_WEIGHT / age
    weights.pop(hole.path, None)
    return weights

"""Similar code: pieces of other files that use the names that stand around a hole.

The search itself is the view's (BM25 over identifiers); what is asked for, and what is cut out of
the answers, is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from fimls.context.secrets import clear
from fimls.context.seeds import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.context.window import Window
    from fimls.repository.facts import Chunk, RepoView

# What the model is about to go on from: more lines make a search for the file's theme.
_LINES_ABOVE: Final = 12
_LINES_BELOW: Final = 4

# A line less near counts this much less.
_FADE: Final = 0.9

# Lines of a piece that are shown: they take the room of six signatures.
_MOST_LINES: Final = 8

# Pieces asked for; those of the hole's own file are left out.
_ASKED: Final = 6

# Keys and the like are written in lines of 64 or 76 characters; one that is cut off in a piece of
# its file does not look like what it is.
_DATA: Final = re.compile(r"^[^\w\n]*[\w+/=-]{48,}(?:\\[nr]|[^\w\n])*$", re.MULTILINE)
_KEY_BEGIN: Final = "-----BEGIN "
_KEY_END: Final = "-----END "


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Some lines of another file, as they stand there, with why they are shown.

    They are `cut` when they are asked for: of many that are offered mostly the first is taken.
    """

    path: str
    kind: str
    reason: str
    cut: Callable[[], str]

    @cached_property
    def text(self) -> str:
        """The lines."""
        return self.cut()


@dataclass(frozen=True, slots=True)
class Alike:
    """Pieces of other files that are like the code around a hole, the likest first.

    `wanted` are the names that they were found by, with how much each counts.
    """

    wanted: Mapping[str, float]
    chunks: tuple[Chunk, ...] = ()


def alike(view: RepoView, path: str, window: Window) -> Alike:
    """The pieces that are like the code around the hole in the file `path`."""
    wanted = _wanted(view, window)
    if not wanted:
        return Alike(wanted)
    found = view.similar(wanted, _ASKED)
    return Alike(wanted, tuple(each for each in found if each.path != path))


def similar(found: Alike) -> tuple[Excerpt, ...]:
    """What is shown of such pieces."""
    why = "uses the names around the cursor"
    return tuple(
        Excerpt(each.path, "similar", why, partial(_cut, each, found.wanted))
        for each in found.chunks
        if not _may_be_key(each.text)
    )


def _wanted(view: RepoView, window: Window) -> dict[str, float]:
    """The identifiers near the hole, each with the weight of its nearest line.

    Words that no code uses are those of comments and of other prose.
    """
    above = window.prefix.split("\n")[::-1][:_LINES_ABOVE]
    below = window.suffix.split("\n")[:_LINES_BELOW]
    weights: dict[str, float] = {}
    for lines in (above, below):
        for distance, line in enumerate(lines):
            for word in words_of(line):
                weights[word] = max(weights.get(word, 0.0), _FADE**distance)
    return {word: weight for word, weight in weights.items() if len(view.referring(word))}


def _may_be_key(text: str) -> bool:
    """Whether there may be a part of a key in a piece, of which the rest is in another one."""
    end = text.find(_KEY_END)
    return _DATA.search(text) is not None or (end >= 0 and _KEY_BEGIN not in text[:end])


def _cut(chunk: Chunk, wanted: Mapping[str, float]) -> str:
    """The lines of a piece that have most of what is wanted, whole lines that stand together."""
    # Lines by themselves do not always tell that there is a secret in them.
    lines = clear(chunk.text.rstrip()).split("\n")
    # In the order of the line, since a sum of fractions depends on it in its last digits.
    words = map(dict.fromkeys, map(words_of, lines))
    weights = [sum([wanted[word] for word in each if word in wanted]) for each in words]
    last = max(len(lines) - _MOST_LINES, 0)
    first = max(range(last + 1), key=lambda at: sum(weights[at : at + _MOST_LINES]))
    return "\n".join(lines[first : first + _MOST_LINES])

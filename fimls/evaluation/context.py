"""What the model would see of a repository at lines that use names of other files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import TYPE_CHECKING, Final

from fimls.context.gather import ALL, Gathered, Source, gather
from fimls.evaluation.context_tasks import COUNT, MaskedLine
from fimls.evaluation.share import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fimls.repository.facts import Definition

_WORD: Final = re.compile(r"[^\W\d]\w*")

TARGET_PERCENT: Final = 50.0
"""Of the missing names, so many are to stand in the prompt with their signature."""


class Shown(StrEnum):
    """What the model is shown besides the window."""

    WINDOW = "window alone"
    SIMILAR = "similar"
    MAP = "map"
    ALL = "all"


_SOURCES: Final = {
    Shown.WINDOW: frozenset[Source](),
    Shown.SIMILAR: frozenset({Source.SIMILAR}),
    Shown.MAP: frozenset({Source.MAP}),
    Shown.ALL: ALL,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many names stand in the prompt: of the used ones as words, of the missing with more.

    `signed` are missing names that stand under the path of a file that defines them, in their own
    signature; `bare` those that stand anywhere.  `tokens` and `texts` are summed up over lines.
    """

    shown: Shown
    used: Share
    signed: Share
    bare: Share
    tokens: float


@dataclass(frozen=True, slots=True)
class Package:
    """What was found in one package and language."""

    name: str
    language: str
    files: int
    lines: int
    tallies: tuple[Tally, ...]

    def tally(self, shown: Shown) -> Tally:
        """One of its tallies."""
        return next(each for each in self.tallies if each.shown is shown)


def measure(
    name: str,
    files: int,
    lines: Sequence[MaskedLine],
    budget_tokens: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> Package:
    """What each kind of context shows of the names on some lines of one package."""
    counts = {shown: [0, 0, 0, 0] for shown in Shown}
    for done, line in enumerate(lines, 1):
        for shown, found in counts.items():
            gathered = context_of(line, shown, budget_tokens)
            for at, each in enumerate(_counted(line, gathered)):
                found[at] += each
        progress(done)
    used = sum(len(line.used) for line in lines)
    missing = sum(len(line.missing) for line in lines)
    language = lines[0].language if lines else ""
    tallies = tuple(
        Tally(
            shown,
            Share(visible, used),
            Share(signed, missing),
            Share(bare, missing),
            tokens / max(len(lines), 1),
        )
        for shown, (visible, signed, bare, tokens) in counts.items()
    )
    return Package(name, language, files, len(lines), tallies)


def context_of(line: MaskedLine, shown: Shown, budget_tokens: int) -> Gathered:
    """What is shown of the repository at a masked line."""
    budget = budget_tokens if _SOURCES[shown] else 0
    return gather(
        line.view, line.hole, line.window, budget, COUNT, sources=_SOURCES[shown], comment="#"
    )


def signed(line: MaskedLine, gathered: Gathered) -> set[str]:
    """The missing names whose own definition is shown under its path."""
    return {name for name in line.missing if _is_signed(name, line, gathered)}


def _is_signed(name: str, line: MaskedLine, gathered: Gathered) -> bool:
    definitions = line.view.defining(name)
    return any(
        _is_header(" ".join(shown.split()), definition)
        for snippet in gathered.snippets
        for definition in definitions
        if definition.path == snippet.path
        for shown in snippet.text.split("\n")
    )


def _is_header(shown: str, definition: Definition) -> bool:
    """Whether a line is a definition's signature, as far as the shorter of the two goes.

    A long signature is cut in the map, and goes over several lines in its own file.
    """
    shared = min(len(shown.rstrip(_CUT)), len(definition.signature))
    alike = shown[:shared] == definition.signature[:shared]
    return alike and definition.name in _WORD.findall(shown[:shared])


# What ends a signature that was cut, and a header in a file.
_CUT: Final = "… ,:{"


def _counted(line: MaskedLine, gathered: Gathered) -> tuple[int, int, int, int]:
    window = set(_WORD.findall(f"{line.window.prefix} {line.window.suffix}"))
    words = {word for each in gathered.snippets for word in _WORD.findall(each.text)}
    visible = sum(name in window or name in words for name in line.used)
    bare = sum(name in words for name in line.missing)
    return visible, len(signed(line, gathered)), bare, gathered.tokens


def mean_percent(packages: Sequence[Package], shown: Shown) -> float:
    """The mean of the packages' shares, each counting alike."""
    return fmean(each.tally(shown).signed.percent for each in packages)


def as_json(package: Package) -> dict[str, object]:
    """For machines."""
    return {
        "package": package.name,
        "language": package.language,
        "files": package.files,
        "lines": package.lines,
        "shown": {
            each.shown.value: {
                "used": each.used.as_json(),
                "signed": each.signed.as_json(),
                "bare": each.bare.as_json(),
                "tokens": round(each.tokens, 1),
            }
            for each in package.tallies
        },
    }

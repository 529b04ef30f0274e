"""Where in a file a hunk belongs: at exactly one place, or nowhere.

Nothing is ever matched by likeness: that edits the wrong place.  What may differ is what models
get wrong without meaning anything by it: blanks at the ends of lines, how far everything is
indented, the blank before a line of context, and the outermost lines of context.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from fimls.text.hunks import Hunk, Line, Mark, Refused
from fimls.text.shift import SAME, Shift, shift_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_SIGNIFICANT: Final = 10
"""Visible characters that the lines of a hunk must have to be looked for (evaluation, §3.4)."""

# Places that are named when there are several.
_MOST_NAMED: Final = 4


class _Likeness(IntEnum):
    """How a place agrees with a hunk, best first."""

    EXACT = 0
    BUT_LINE_ENDS = 1
    BUT_MARKS = 2
    BUT_INDENTATION = 3


@dataclass(frozen=True, slots=True)
class Match:
    """Where a hunk belongs: `line` counts from 0; `hunk` may have lost context at its ends.

    `shift` is how far its lines are indented otherwise than the file's.
    """

    line: int
    hunk: Hunk
    shift: Shift = SAME


class Lines:
    """The lines of a file, to be searched."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines: Final = lines

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each line stands, whatever blanks are around it."""
        places: dict[str, list[int]] = {}
        for at, line in enumerate(self.lines):
            places.setdefault(line.strip(), []).append(at)
        return places


def stands_at(hunk: Hunk, line: int, file: Lines) -> bool:
    """Whether the lines of a hunk are exactly the file's from a line (from 0) on."""
    end = line + len(hunk.before)
    return line >= 0 and end <= len(file.lines) and hunk.before == tuple(file.lines[line:end])


def match(hunk: Hunk, file: Lines) -> Match | Refused:
    """The one place where a hunk belongs."""
    if not any(text.strip() for text in hunk.before):
        if any(text.strip() for text in file.lines):
            return Refused("It has no lines to find its place by. Repeat the lines around it.")
        return Match(0, hunk)
    ambiguous: Refused | None = None
    for trimmed in _trimmed(hunk):
        found = _best(trimmed, file)
        if len(found) == 1 and _significance(trimmed) >= LEAST_SIGNIFICANT:
            return found[0]
        if found and ambiguous is None:
            ambiguous = _doubtful(found)
        if found and trimmed is hunk:
            break
    return ambiguous or _missing(hunk, file)


def _best(hunk: Hunk, file: Lines) -> list[Match]:
    """The places that agree best, all of them alike."""
    best: dict[_Likeness, list[Match]] = {}
    for line in _candidates(hunk, file):
        for likeness, found in _agreements(hunk, line, file):
            best.setdefault(likeness, []).append(found)
            break
    return best[min(best)] if best else []


def _candidates(hunk: Hunk, file: Lines) -> Iterator[int]:
    """Where all lines of a hunk stand, whatever blanks are around them."""
    keys = [text.strip() for text in hunk.before]
    visible = [at for at, key in enumerate(keys) if key]
    anchor = min(visible, key=lambda at: len(file.places.get(keys[at], ())))
    for place in file.places.get(keys[anchor], ()):
        first = place - anchor
        stands = [line.strip() for line in file.lines[max(first, 0) : first + len(keys)]]
        if first >= 0 and stands == keys:
            yield first


def _agreements(hunk: Hunk, line: int, file: Lines) -> Iterator[tuple[_Likeness, Match]]:
    stands = file.lines[line : line + len(hunk.before)]
    if tuple(stands) == hunk.before:
        yield _Likeness.EXACT, Match(line, hunk)
    pairs = [(said.rstrip(), there.rstrip()) for said, there in _pairs(hunk, stands)]
    if all(said == there for said, there in pairs):
        yield _Likeness.BUT_LINE_ENDS, Match(line, hunk)
    if _differs_by_marks(hunk, stands):
        yield _Likeness.BUT_MARKS, Match(line, hunk)
    shift = shift_between(pairs)
    if shift is not None:
        yield _Likeness.BUT_INDENTATION, Match(line, hunk, shift)


def _pairs(hunk: Hunk, stands: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(hunk.before, stands, strict=True)


def _differs_by_marks(hunk: Hunk, stands: Sequence[str]) -> bool:
    """Whether lines of context lack the blank that marks them, so that one was read off them."""
    lines = [line for line in hunk.lines if line.mark is not Mark.ADDED]
    for line, there in zip(lines, stands, strict=True):
        said = line.text.rstrip()
        if said == there.rstrip():
            continue
        if line.mark is Mark.REMOVED or f" {said}" != there.rstrip():
            return False
    return True


def _trimmed(hunk: Hunk) -> Iterator[Hunk]:
    """The hunk with ever less context at its ends, the whole one first."""
    changed = [at for at, line in enumerate(hunk.lines) if line.mark is not Mark.KEPT]
    above, below = changed[0], len(hunk.lines) - 1 - changed[-1]
    for count in range(above + below + 1):
        for top in range(max(0, count - below), min(count, above) + 1):
            bottom = len(hunk.lines) - (count - top)
            trimmed = hunk if not count else Hunk(hunk.lines[top:bottom], hunk.path)
            if any(text.strip() for text in trimmed.before):
                yield trimmed


def _significance(hunk: Hunk) -> int:
    return sum(not sign.isspace() for sign in chain.from_iterable(hunk.before))


def _doubtful(found: list[Match]) -> Refused:
    if len(found) == 1:
        return Refused(
            f"Its lines have fewer than {LEAST_SIGNIFICANT} visible characters, too few to be"
            " sure of the place. Repeat more of the unchanged lines around it."
        )
    lines = ", ".join(str(each.line + 1) for each in found[:_MOST_NAMED])
    more = " and more" if len(found) > _MOST_NAMED else ""
    return Refused(
        f"Its lines stand at {len(found)} places, at the lines {lines}{more}. Repeat more of the"
        " unchanged lines around it, so that only one place is left."
    )


def _missing(hunk: Hunk, file: Lines) -> Refused:
    made = Hunk(tuple(Line(Mark.KEPT, text) for text in hunk.after))
    if any(text.strip() for text in made.before) and _best(made, file):
        return Refused("The file already is as it would make it. Leave it out.")
    absent = next((t for t in hunk.before if t.strip() and t.strip() not in file.places), None)
    if absent is None:
        return Refused(
            "Its lines are in the file, but do not follow one another like that. Repeat them"
            " exactly, without leaving any out."
        )
    return Refused(
        f"The file has no line `{absent.strip()}`. Repeat the lines exactly as they are in it."
    )

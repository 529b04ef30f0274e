"""Diffs as models write them, applied to the files that they are meant for, or refused.

Libraries for diffs want every number and every line right; a model gets the change right and the
rest wrong.  So a hunk is found by the lines that it has, at one place only (`matching.py`), and
where that fails the answer tells the model what to write otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from fimls.text.diff_paths import path_meant
from fimls.text.edits import Edit, apply
from fimls.text.hunks import Hunk, Mark, Refused
from fimls.text.lines import to_lf
from fimls.text.matching import Lines, Match, match, stands_at
from fimls.text.search_replace import is_search_replace, read_search_replace
from fimls.text.unified import is_unified, read_unified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Applied", "Refused", "apply_diff", "is_diff"]

# What a hunk is called by in words: its first changed line, so much of it.
_SHOWN_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Applied:
    """What a diff made of the files, by their paths: only of those that it changes.

    `edits` are what it does to the texts as they were (offsets in code points), in order.
    """

    texts: Mapping[str, str]
    edits: Mapping[str, tuple[Edit, ...]]


def is_diff(text: str) -> bool:
    """Whether a text has the marks of a diff of any form."""
    return is_search_replace(text) or is_unified(text)


def apply_diff(diff: str, texts: Mapping[str, str]) -> Applied | Refused:
    """Applies a unified diff, or search/replace blocks, to texts (LF line ends) by their paths.

    All of it is applied or nothing.  Where every number of a unified diff is right and its lines
    stand exactly there, it is believed; else each hunk is searched for.
    """
    hunks = _hunks_of(to_lf(diff))
    if isinstance(hunks, Refused):
        return hunks
    by_path: dict[str, list[Hunk]] = {}
    for hunk in hunks:
        path = path_meant(hunk.path, texts)
        if isinstance(path, Refused):
            return path
        if hunk not in (known := by_path.setdefault(path, [])):
            known.append(hunk)
    edits: dict[str, tuple[Edit, ...]] = {}
    for path, own in by_path.items():
        found = _edits(own, texts[path])
        if isinstance(found, Refused):
            return found
        edits[path] = found
    return Applied({path: apply(texts[path], each) for path, each in edits.items()}, edits)


def _hunks_of(diff: str) -> Sequence[Hunk] | Refused:
    hunks = read_search_replace(diff) if is_search_replace(diff) else read_unified(diff)
    if isinstance(hunks, Refused):
        return hunks
    changing = [hunk for hunk in hunks if hunk.changes]
    if changing:
        return changing
    return Refused("It changes nothing: no line is added, and none is removed.")


def _edits(hunks: Sequence[Hunk], text: str) -> tuple[Edit, ...] | Refused:
    """What the hunks of one file do to its text."""
    file = Lines(text.split("\n"))
    matches = _by_numbers(hunks, file)
    for number, hunk in enumerate(hunks if matches is None else (), 1):
        found = match(hunk, file)
        if isinstance(found, Refused):
            return Refused(f"Change {number} of {len(hunks)} ({_called(hunk)}): {found.reason}")
        matches = [*(matches or ()), found]
    matches = sorted(matches or (), key=lambda each: each.line)
    for one, other in pairwise(matches):
        if other.line < _changed_to(one) or (other.line == one.line and not one.hunk.before):
            line = other.line + 1
            return Refused(f"Two of its changes are about the same lines, from line {line} on.")
    return tuple(_edits_of([_rows_of(each) for each in matches], file.lines, text))


def _by_numbers(hunks: Sequence[Hunk], file: Lines) -> list[Match] | None:
    """Where the hunks say that they belong; None unless all that they say is right."""
    grown = 0
    matches: list[Match] = []
    for hunk in hunks:
        header = hunk.header
        if header is None or not hunk.counts_are_right:
            return None
        # Nothing stands after the line that is named, something at it.
        line = header.old_start - (1 if header.old_count else 0)
        new_line = header.new_start - (1 if header.new_count else 0)
        if new_line != line + grown or not stands_at(hunk, line, file):
            return None
        grown += header.new_count - header.old_count
        matches.append(Match(line, hunk))
    return matches


def _changed_to(found: Match) -> int:
    """The line after the last one that is changed; two hunks may share lines of context."""
    line = last = found.line
    for each in found.hunk.lines:
        line += each.mark is not Mark.ADDED
        if each.mark is not Mark.KEPT:
            last = line
    return last


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines in place of those from `first` up to `end` (from 0)."""

    first: int
    end: int
    added: tuple[str, ...]


def _rows_of(found: Match) -> list[_Row]:
    """The rows of lines that are changed; what is kept stays as the file has it."""
    rows: list[_Row] = []
    line = first = found.line
    added: list[str] = []
    for each in (*found.hunk.lines, None):
        if each is not None and each.mark is Mark.REMOVED:
            line += 1
        elif each is not None and each.mark is Mark.ADDED:
            added.append(found.shift(each.text))
        else:
            if line > first or added:
                rows.append(_Row(first, line, tuple(added)))
            line = first = line + 1
            added = []
    return rows


def _edits_of(rows: Sequence[Sequence[_Row]], lines: Sequence[str], text: str) -> Iterator[Edit]:
    starts = [0, *accumulate(len(line) + 1 for line in lines)][: len(lines)]
    for row in _joined(each for of_hunk in rows for each in of_hunk):
        if row.end < len(starts):
            added = "".join(f"{line}\n" for line in row.added)
            yield Edit(starts[row.first], starts[row.end], added)
        elif row.first == len(starts):
            yield Edit(len(text), len(text), "".join(f"\n{line}" for line in row.added))
        else:
            # The last line has no end; where it goes altogether, the one before it is the last.
            is_gone = not row.added and row.first > 0
            yield Edit(starts[row.first] - is_gone, len(text), "\n".join(row.added))


def _joined(rows: Iterable[_Row]) -> list[_Row]:
    """The rows, of which those that touch are one."""
    joined: list[_Row] = []
    for row in rows:
        if joined and joined[-1].end == row.first:
            last = joined.pop()
            joined.append(_Row(last.first, row.end, last.added + row.added))
        else:
            joined.append(row)
    return joined


def _called(hunk: Hunk) -> str:
    first = next(each for each in hunk.lines if each.mark is not Mark.KEPT)
    return f"`{first.mark}{first.text[:_SHOWN_CHARS].rstrip()}`"

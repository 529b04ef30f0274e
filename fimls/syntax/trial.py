"""Trials: what a change does to the lines around it, and to its own statement alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.syntax.change import Change
from fimls.syntax.comparison import compared
from fimls.syntax.effort import Effort
from fimls.syntax.fragment import fragment_around
from fimls.syntax.mends import mends
from fimls.syntax.tree import parse, splice
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.syntax.comparison import Comparison
    from fimls.syntax.fragment import Fragment, Whole
    from fimls.syntax.tree import Tree

NEAR_LINES: Final = 5
"""Visible lines that a fragment has on each side at the least.

Measured by `evaluation/agreement.py` and by what is torn in real sources: with fewer lines a comma
that is missing to the next one is not seen, with 20 twice as many fragments are torn.
"""

# What a fragment with the change may cost: 120 lines in order take 60 calls.
_FRAGMENT_EFFORT: Final = 80

# What may be spent on finding out what is wrong at a place, with all its fragments together.
_DOUBT_EFFORT: Final = 40

# What it takes to cut a fragment out of 20,000 lines (0.2 to 0.5 ms), in calls.
_CUT_EFFORT: Final = 15

# Grammars of which lines alone do not tell what breaks: a style sheet in HTML is none without tag.
_VAGUE: Final = frozenset({"html"})

# What begins blocks that nobody indents, and how they end: that one does cannot be told from lines.
_FLAT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"c": ('extern "C"',), "cpp": ('extern "C"', "namespace")}
)
_FLAT_END: Final = re.compile(r"^\}", re.MULTILINE)

# Grammars whose parser sees nothing wrong any more once something is.
_BLIND: Final = frozenset({"yaml"})


class Verdict(StrEnum):
    """What a change does to the syntax of a text."""

    FITS = "fits"
    BREAKS = "breaks"
    UNKNOWN = "unknown"


def by_fragment(whole: Whole, change: Change, effort: Effort) -> Verdict:
    """The verdict on the change in the lines around it alone, or else on its own statement.

    It does not depend on `effort`, of which it takes what it costs.
    """
    doubt = effort.part(_DOUBT_EFFORT)
    verdict = _by_lines(whole, change, NEAR_LINES, effort, doubt)
    return _by_lines(whole, change, 0, effort, doubt) if verdict is Verdict.UNKNOWN else verdict


def by_whole_text(before: Tree, after: Tree, change: Change, effort: Effort) -> Verdict:
    """The verdict on a change by the whole text, without and with it."""
    has_error = before.root.has_error
    return _when_finished(Trial(change, after, before), before.grammar, effort, torn=has_error)


def repairs_lines(whole: Whole, change: Change, effort: Effort) -> bool:
    """Whether the lines around a change are at fault without it, and in order with it."""
    around = fragment_around(whole, change, NEAR_LINES)
    if around is None:
        return False
    doubt = effort.part(_DOUBT_EFFORT)
    before = _without(around.text, whole.grammar, doubt)
    if before is None or not before.root.has_error:
        return False
    placed = around.change
    after = splice(before, placed.start, placed.end, placed.text, doubt)
    delta = None if after is None else compared(before, after, placed)
    return delta is not None and delta.near_before > 0 and delta.adds_nothing


@dataclass(frozen=True, slots=True)
class Trial:
    """A text with a change, and without (where something is wrong with it)."""

    change: Change
    after: Tree
    before: Tree | None

    @property
    def delta(self) -> Comparison | None:
        """How the faults differ; None where that cannot be told."""
        return None if self.before is None else compared(self.before, self.after, self.change)


def _by_lines(
    whole: Whole, change: Change, near_lines: int, effort: Effort, doubt: Effort
) -> Verdict:
    effort.spend(_CUT_EFFORT)
    fragment = fragment_around(whole, change, near_lines)
    verdict = _by_trial(whole, fragment, near_lines, effort, doubt)
    if verdict is Verdict.FITS or fragment is None or not fragment.is_within:
        return verdict
    # It was only by counting quotes that the place was taken to be in a string.
    as_code = fragment_around(whole, change, near_lines, as_code=True)
    second = _by_trial(whole, as_code, near_lines, effort, doubt)
    return second if verdict is Verdict.UNKNOWN or second is Verdict.FITS else verdict


def _by_trial(
    whole: Whole, fragment: Fragment | None, near_lines: int, effort: Effort, doubt: Effort
) -> Verdict:
    trial = None if fragment is None else _tried(whole, fragment, effort, doubt)
    if trial is None:
        return Verdict.UNKNOWN
    if near_lines:
        verdict = _plainly(trial, whole.grammar, torn=whole.has_error)
    else:
        verdict = _when_finished(trial, whole.grammar, doubt, torn=whole.has_error)
    is_vague = verdict is Verdict.BREAKS and _is_vague(whole, trial.change.text)
    return Verdict.UNKNOWN if is_vague else verdict


def _is_vague(whole: Whole, text: str) -> bool:
    """Whether a text may fit that breaks the lines around it."""
    if whole.grammar in _VAGUE:
        return True
    may_close = whole.grammar in _FLAT and _FLAT_END.search(text) is not None
    return may_close and any(word in whole.text for word in _FLAT[whole.grammar])


def _tried(whole: Whole, fragment: Fragment, effort: Effort, doubt: Effort) -> Trial | None:
    """Parses a fragment with the change; None where that takes too long."""
    text, change = fragment.text, fragment.change
    put = text[: change.start] + change.text + text[change.end :]
    after = parse(put, whole.grammar, effort=effort.part(_FRAGMENT_EFFORT))
    if after is None or not after.root.has_error:
        return None if after is None else Trial(change, after, None)
    before = _without(text, whole.grammar, doubt)
    return None if before is None else Trial(change, after, before)


def _without(text: str, grammar: str, doubt: Effort) -> Tree | None:
    """The tree of a fragment without the change; None where `doubt` does not suffice.

    It takes of `doubt` what it has cost, also where it is remembered: so the verdict is the same.
    """
    tree, calls = _parsed(text, grammar)
    if calls > doubt.left:
        doubt.spend(doubt.left + 1)
        return None
    doubt.spend(calls)
    return tree


# What is tried at a place has mostly the same lines around it.
@lru_cache(maxsize=8)
def _parsed(text: str, grammar: str) -> tuple[Tree | None, int]:
    """The tree of a text, and how many calls it has taken."""
    effort = Effort(_DOUBT_EFFORT)
    tree = parse(text, grammar, effort=effort)
    return tree, _DOUBT_EFFORT - effort.left


def _plainly(trial: Trial, grammar: str, *, torn: bool) -> Verdict:
    """The verdict on a change as it is; unknown where the text was broken before and still is.

    Unless the whole is `torn`, a part of it that is not in order was cut out wrongly.
    """
    if not trial.after.root.has_error:
        return Verdict.FITS
    if trial.before is None or (trial.before.root.has_error and not torn):
        return Verdict.UNKNOWN
    if not trial.before.root.has_error:
        return Verdict.BREAKS
    delta = trial.delta
    is_no_worse = delta is not None and delta.adds_nothing and grammar not in _BLIND
    return Verdict.FITS if is_no_worse else Verdict.UNKNOWN


def _when_finished(trial: Trial, grammar: str, effort: Effort, *, torn: bool) -> Verdict:
    """The verdict on a change to a text that may be broken at the very place."""
    verdict, delta = _plainly(trial, grammar, torn=torn), trial.delta
    if verdict is not Verdict.UNKNOWN or not torn:
        return verdict
    if trial.before is None or delta is None or not delta.near_before:
        return Verdict.UNKNOWN
    if _is_mendable(trial.before, trial.change, effort):
        return Verdict.FITS
    is_worse = delta.near_after > delta.near_before and delta.far_before == 0
    return Verdict.BREAKS if is_worse else Verdict.UNKNOWN


def _is_mendable(before: Tree, change: Change, effort: Effort) -> bool:
    """Whether all would be well if what the line and the text have begun were finished."""
    begun = before.text[line_start(before.text, change.start) : change.start] + change.text
    for mend in mends(begun, before.grammar):
        finished = Change(change.start, change.end, change.text + mend)
        after = splice(before, finished.start, finished.end, finished.text, effort)
        delta = None if after is None else compared(before, after, finished)
        if after is None or (delta is not None and delta.adds_nothing):
            return after is not None
    return False

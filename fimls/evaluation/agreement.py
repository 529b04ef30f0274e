"""How well a fragment tells what fits: its verdicts beside those of the whole document.

Where a document is at fault elsewhere, or too large to be parsed anew, the gate judges a text by
the lines around it alone (architecture, decision 10).  Here it does so for texts of which the whole
can be asked: true middles, and such as are broken the ways models break them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fimls.evaluation.breaking import BREAKINGS
from fimls.syntax.delta import Verdict, judge, judge_nearby, judge_wholly
from fimls.syntax.tree import parse
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.evaluation.tasks import Task
    from fimls.syntax.tree import Tree

Progress = Callable[[int], None]

TARGET_AGREEMENT_PERCENT: Final = 99.0
TARGET_UNKNOWN_PERCENT: Final = 2.0
"""At least so many verdicts agree, and at most so many texts that fit remain without one."""

# Documents are filled up to this many lines with those of other tasks, so that what is far away
# is no part of the fragment: it takes 5 lines on each side, and headers.
_LINES: Final = 300

# What breaks a document elsewhere, by what it leaves open.
_BREAKS: Final = ("values = sorted(\n", "title = 'not closed\n", "for row in {\n")


@dataclass(slots=True)
class Tally:
    """What came of the texts of one kind, in one state of their documents.

    `unknown` had no verdict from the fragment.  Of the others, `lenient` fit by it and not by the
    whole, `strict` the other way round.  `fitting` of all fit by the whole, and `unknown_fitting`
    of those had no verdict at all from the gate's own way, with whatever tree there is.
    """

    kind: str
    state: str
    texts: int = 0
    unknown: int = 0
    lenient: int = 0
    strict: int = 0
    fitting: int = 0
    unknown_fitting: int = 0
    disagreeing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Agreement:
    """All tallies, in the order of their kinds and states."""

    tallies: tuple[Tally, ...]

    @property
    def percent(self) -> float:
        """How many of the fragment's verdicts agree with the whole's."""
        judged = sum(each.texts - each.unknown for each in self.tallies)
        wrong = sum(each.lenient + each.strict for each in self.tallies)
        return 100 * (judged - wrong) / judged if judged else 0.0

    @property
    def unknown_percent(self) -> float:
        """How many of the texts that fit are left without a verdict by the gate."""
        fitting = sum(each.fitting for each in self.tallies)
        unknown = sum(each.unknown_fitting for each in self.tallies)
        return 100 * unknown / fitting if fitting else 0.0


def measure(tasks: Sequence[Task], progress: Progress = lambda _done: None) -> Agreement:
    """Judges each task's true middle, and it broken, in its document as it is and broken elsewhere.

    Tasks of languages without a grammar are left out, as are those that are no code.  The same
    tasks give the same figures.
    """
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(lambda: Tally("", ""))
    for done, document in enumerate(_documents(tasks), start=1):
        for kind, text in _texts(document.task):
            truth = judge_wholly(document.text, document.grammar, *document.span, text)
            for state, seen in document.states():
                tally = tallies[kind, state]
                tally.kind, tally.state = kind, state
                _add(tally, truth, seen, document, text)
        progress(done)
    return Agreement(tuple(tallies[key] for key in sorted(tallies)))


def as_json(agreement: Agreement) -> dict[str, object]:
    """The figures for machines."""
    return {
        "agreement_percent": round(agreement.percent, 2),
        "target_agreement_percent": TARGET_AGREEMENT_PERCENT,
        "unknown_of_fitting_percent": round(agreement.unknown_percent, 2),
        "target_unknown_percent": TARGET_UNKNOWN_PERCENT,
        "tallies": [
            {
                "text": each.kind,
                "document": each.state,
                "texts": each.texts,
                "unknown": each.unknown,
                "lenient": each.lenient,
                "strict": each.strict,
                "disagreeing": each.disagreeing,
            }
            for each in agreement.tallies
        ],
    }


@dataclass(frozen=True, slots=True)
class _Seen:
    """A document as the gate sees it: its text, where the hole is, and its tree if it has one."""

    text: str
    offset: int
    tree: Tree | None


@dataclass(frozen=True, slots=True)
class _Document:
    """A document with a task's hole in it."""

    task: Task
    grammar: str
    before: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.after

    @property
    def span(self) -> tuple[int, int]:
        return len(self.before), len(self.before)

    def states(self) -> Iterator[tuple[str, _Seen]]:
        """The document as it is, and with a line that breaks it above or below."""
        tree = parse(self.text, self.grammar)
        yield "as it is", _Seen(self.text, len(self.before), tree)
        line = _BREAKS[len(self.text) % len(_BREAKS)]
        broken = f"{line}{self.before}"
        yield "broken above", _Seen(broken + self.after, len(broken), None)
        yield "broken below", _Seen(f"{self.text}\n{line}", len(self.before), None)


def _documents(tasks: Sequence[Task]) -> Iterator[_Document]:
    """The tasks' documents, filled up with each other where that makes code."""
    by_language: defaultdict[str, list[str]] = defaultdict(list)
    for task in tasks:
        by_language[task.language].append(_whole(task))
    for at, task in enumerate(tasks):
        grammar = language_of(task.language).grammar
        if grammar is None or not task.middle.strip() or not _is_sound(_whole(task), grammar):
            continue
        others = by_language[task.language]
        above, below = _fill(others, at), _fill(others, at + 1)
        filled = _Document(task, grammar, above + task.prefix, f"{task.suffix}\n{below}")
        is_code = _is_sound(filled.before + task.middle + filled.after, grammar)
        yield filled if is_code else _Document(task, grammar, task.prefix, task.suffix)


def _whole(task: Task) -> str:
    return task.prefix + task.middle + task.suffix


def _fill(others: Sequence[str], start: int) -> str:
    """Documents one after the other, from one of them on, until there are lines enough."""
    text, at = "", start
    while text.count("\n") < _LINES / 2 and at < start + len(others):
        text += others[at % len(others)].rstrip() + "\n\n\n"
        at += 1
    return text


def _is_sound(text: str, grammar: str) -> bool:
    tree = parse(text, grammar)
    return tree is not None and not tree.root.has_error


def _texts(task: Task) -> Iterator[tuple[str, str]]:
    """The true middle, and what else might have been said; by the task's name, not by chance."""
    yield "true", task.middle
    rng = random.Random(task.name)  # noqa: S311 - the same each time
    for kind, breaking in BREAKINGS.items():
        text = breaking(task.middle, rng)
        if text is not None and text.strip() and text != task.middle:
            yield kind, text


def _add(tally: Tally, truth: Verdict, seen: _Seen, document: _Document, text: str) -> None:
    at, grammar = seen.offset, document.grammar
    nearby = judge_nearby(seen.text, grammar, at, at, text)
    judged = nearby if seen.tree is None else judge(seen.tree, at, at, text)
    tally.texts += 1
    tally.fitting += truth is Verdict.FITS
    tally.unknown_fitting += truth is Verdict.FITS and judged is Verdict.UNKNOWN
    if nearby is Verdict.UNKNOWN or truth is Verdict.UNKNOWN:
        tally.unknown += 1
    elif nearby is not truth:
        tally.lenient += nearby is Verdict.FITS
        tally.strict += nearby is Verdict.BREAKS
        tally.disagreeing.append(document.task.name)

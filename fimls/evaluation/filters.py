"""How good the filters are: true middles, clean and spoilt as models spoil them, are to come back.

No model is asked.  The method is that of the prototype in the design's `evaluation.md` §2.5 A.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from fimls.completion.post import FILTERS, Site, fit
from fimls.completion.values import Extent, Fit, Shape
from fimls.evaluation.parsing import parses
from fimls.evaluation.share import Share
from fimls.evaluation.spoiling import CLEAN, SPOILINGS
from fimls.syntax.tree import parse
from fimls.testing.marks import picture
from fimls.text.hole import Hole
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fimls.evaluation.spoiling import Spoiling
    from fimls.evaluation.tasks import Task


@dataclass(frozen=True, slots=True)
class Lost:
    """A middle that did not come back: what was said for it, and what was shown.

    `rest` is how much of the suffix is left after what is shown; `reason` tells why nothing is.
    """

    task: Task
    said: str
    shown: str
    replaces: int
    reason: str = ""

    def __str__(self) -> str:
        """A picture of the lines around the hole, with what is shown there, and what was said."""
        prefix, suffix = self.task.prefix, self.task.suffix
        before = "\n".join(prefix.split("\n")[-_LINES_AROUND:])
        after = suffix[: self.replaces] + "\n".join(
            suffix[self.replaces :].split("\n")[:_LINES_AROUND]
        )
        # Nothing shown is a mere cursor.
        drawn = picture(before + after, len(before), self.shown or None, self.replaces)
        why = f"nothing is shown: {self.reason}\n" if self.reason else ""
        return f"{self.task.name}\n{drawn}\n{why}said: {self.said!r}\ntrue: {self.task.middle!r}"


# What a reader needs to see what the hole is in.
_LINES_AROUND = 6


@dataclass(slots=True)
class Tally:
    """What came of a way of spoiling: how many middles there were, and how many came back.

    `parsing` counts files that parse with what is shown, of the `parsed` ones that can be told;
    `withheld` the middles for which nothing is shown.  `without` is the filter that was left out,
    "" for none, `lost` is what did not come back, and `languages` counts the tasks in each.
    """

    spoiling: str
    without: str
    tasks: int = 0
    restored: int = 0
    parsed: int = 0
    parsing: int = 0
    withheld: int = 0
    lost: list[Lost] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)

    @property
    def restored_share(self) -> Share:
        """The share that came back exactly."""
        return Share(self.restored, self.tasks)

    @property
    def restored_percent(self) -> float:
        """The share that came back exactly, in percent."""
        return self.restored_share.percent

    @property
    def parsing_percent(self) -> float:
        """The share of files that parse with what is shown, in percent."""
        return Share(self.parsing, self.parsed).percent

    @property
    def withheld_percent(self) -> float:
        """The share for which nothing is shown, in percent."""
        return Share(self.withheld, self.tasks).percent


def measure(
    tasks: Sequence[Task],
    *,
    ablations: bool,
    spoilings: Sequence[Spoiling] = SPOILINGS,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Tally]:
    """A tally for each way of spoiling; with `ablations`, also with each filter left out.

    `progress` is told how many of the tasks are done.
    """
    left_out = ("", *((each.name for each in FILTERS) if ablations else ()))
    tallies = {
        (without, spoiling.name): Tally(spoiling.name, without)
        for without in left_out
        for spoiling in spoilings
    }
    # Task by task, so that a file is parsed once for all that is said for it.
    for done, task in enumerate(tasks, 1):
        for spoiling in spoilings:
            for without in left_out:
                _count(tallies[without, spoiling.name], task, spoiling)
        progress(done)
    return list(tallies.values())


def languages(tallies: Iterable[Tally]) -> list[tuple[str, Share, Share]]:
    """By language, which share of the clean middles and which of the spoilt ones came back."""
    whole = [each for each in tallies if not each.without]
    parts = [
        [each for each in whole if (each.spoiling in CLEAN) is clean] for clean in (True, False)
    ]
    names = sorted({name for each in whole for name in each.languages})
    found = []
    for name in names:
        clean, spoilt = (_in_language(name, part) for part in parts)
        found.append((name, clean, spoilt))
    return found


def _in_language(name: str, tallies: Iterable[Tally]) -> Share:
    tallies = list(tallies)
    tasks = sum(each.languages[name] for each in tallies)
    lost = sum(lost.task.language == name for each in tallies for lost in each.lost)
    return Share(tasks - lost, tasks)


def losses(tallies: Iterable[Tally]) -> dict[str, dict[str, float]]:
    """By filter and way of spoiling, how many points less come back without that filter."""
    tallies = list(tallies)
    with_all = {each.spoiling: each.restored_percent for each in tallies if not each.without}
    found: dict[str, dict[str, float]] = {}
    for each in tallies:
        if each.without and each.tasks:
            lost = with_all[each.spoiling] - each.restored_percent
            found.setdefault(each.without, {})[each.spoiling] = lost
    return found


def as_json(tallies: Iterable[Tally]) -> list[dict[str, object]]:
    """The tallies for machines."""
    return [
        {
            "spoiling": each.spoiling,
            "without": each.without or None,
            "tasks": each.tasks,
            "restored_percent": round(each.restored_percent, 1),
            "parsing_percent": round(each.parsing_percent, 1),
            "withheld_percent": round(each.withheld_percent, 1),
            "error": round(each.restored_share.error, 1),
            "lost": [lost.task.name for lost in each.lost],
        }
        for each in tallies
    ]


def _count(tally: Tally, task: Task, spoiling: Spoiling) -> None:
    task = spoiling.hole(task)
    said = spoiling.spoil(task)
    if said is None:
        return
    filters = [each for each in FILTERS if each.name != tally.without]
    found = fit(said, _site(task), done=True, filters=filters)
    text, replaces = (found.text, found.replaces) if isinstance(found, Fit) else ("", 0)
    rest = task.suffix[replaces:]
    tally.tasks += 1
    tally.languages[task.language] += 1
    tally.withheld += not text
    whole = parses(task.prefix + text + rest, task.language)
    tally.parsed += whole is not None
    tally.parsing += whole is True
    if _is_same(text, rest, task):
        tally.restored += 1
    else:
        reason = "" if isinstance(found, Fit) else str(found)
        tally.lost.append(Lost(task, said, text, replaces, reason))


# Two holes are in turn: that of the task, and the one that a way of spoiling has moved.
@lru_cache(maxsize=2)
def _site(task: Task) -> Site:
    """The place of a task's hole.

    The filters are asked for a block everywhere: they are not told how long the true middle is.
    """
    language = language_of(task.language)
    text = task.prefix + task.suffix
    hole = Hole(text, len(task.prefix), language)
    return Site(hole, parse(text, language.grammar), Shape(Extent.BLOCK))


def _is_same(text: str, rest: str, task: Task) -> bool:
    """Whether the document is as it was; blanks at the end of a line are no part of an answer."""
    true = task.middle
    if not rest.partition("\n")[0].strip():
        text, true = text.rstrip(), true.rstrip()
    return text + rest == true + task.suffix

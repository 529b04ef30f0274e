"""How good the filters are: true middles, clean and spoilt as models spoil them, are to come back.

No model is asked.  The method is that of the prototype in the design's `evaluation.md` §2.5 A, over
the tasks of HumanEval-Infilling.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.completion.post import FILTERS, Site, fit
from fimls.completion.values import Extent, Fit, Shape
from fimls.evaluation.spoiling import SPOILINGS
from fimls.syntax.tree import parse
from fimls.text.hole import Hole
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fimls.completion.post.draft import Filter
    from fimls.evaluation.infill import Task
    from fimls.evaluation.spoiling import Spoiling

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a way of spoiling: how many middles, how many came back, how many files parse.

    `without` is the filter that was left out, "" for none.  `lost` are the names of tasks that did
    not come back.
    """

    spoiling: str
    without: str
    tasks: int
    restored: int
    parsing: int
    lost: tuple[str, ...] = ()

    @property
    def restored_percent(self) -> float:
        """The share that came back exactly, in percent."""
        return 100 * self.restored / self.tasks if self.tasks else 0.0

    @property
    def parsing_percent(self) -> float:
        """The share of files that parse with what is shown, in percent."""
        return 100 * self.parsing / self.tasks if self.tasks else 0.0


def measure(
    tasks: Sequence[Task], *, ablations: bool, progress: Progress = lambda _done: None
) -> Iterator[Tally]:
    """A tally for each way of spoiling; with `ablations`, also with each filter left out."""
    done = 0
    for without in ("", *((each.name for each in FILTERS) if ablations else ())):
        filters = [each for each in FILTERS if each.name != without]
        for spoiling in SPOILINGS:
            yield _tally(spoiling, tasks, filters, without)
            done += 1
            progress(done)


def rounds(*, ablations: bool) -> int:
    """How many tallies there will be."""
    return len(SPOILINGS) * (1 + (len(FILTERS) if ablations else 0))


def as_json(tallies: Iterable[Tally]) -> list[dict[str, object]]:
    """The tallies for machines."""
    return [
        {
            "spoiling": each.spoiling,
            "without": each.without or None,
            "tasks": each.tasks,
            "restored_percent": round(each.restored_percent, 1),
            "parsing_percent": round(each.parsing_percent, 1),
            "lost": list(each.lost),
        }
        for each in tallies
    ]


def _tally(
    spoiling: Spoiling, tasks: Sequence[Task], filters: Sequence[Filter], without: str
) -> Tally:
    count = restored = parsing = 0
    lost: list[str] = []
    for each in tasks:
        task = spoiling.hole(each)
        said = spoiling.spoil(task)
        if said is None:
            continue
        text, rest = _shown(said, task, filters)
        count += 1
        parsing += _parses(task.prefix + text + rest, task.language)
        if _is_same(text, rest, task):
            restored += 1
        else:
            lost.append(task.name)
    return Tally(spoiling.name, without, count, restored, parsing, tuple(lost))


def _shown(said: str, task: Task, filters: Sequence[Filter]) -> tuple[str, str]:
    """What is shown of what was said, and what is left after it; nothing is shown of a dropped one.

    The filters are asked for a block everywhere: they are not told how long the true middle is.
    """
    language = language_of(task.language)
    text = task.prefix + task.suffix
    hole = Hole(text, len(task.prefix), language)
    site = Site(hole, parse(text, language.grammar), Shape(Extent.BLOCK))
    found = fit(said, site, done=True, filters=filters)
    if not isinstance(found, Fit):
        return "", task.suffix
    return found.text, task.suffix[found.replaces :]


def _is_same(text: str, rest: str, task: Task) -> bool:
    """Whether the document is as it was; blanks at the end of a line are no part of an answer."""
    true = task.middle
    if not rest.partition("\n")[0].strip():
        text, true = text.rstrip(), true.rstrip()
    return text + rest == true + task.suffix


def _parses(text: str, language: str) -> bool:
    if language != "python":
        tree = parse(text, language_of(language).grammar)
        return tree is None or not tree.root.has_error
    try:
        with warnings.catch_warnings():
            # What the compiler warns of is Python all the same.
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True

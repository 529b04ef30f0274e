"""How long one syntax gate takes with its repairs, and all filters together.

It is the processor's time, so that what else the machine does counts little.
"""

from __future__ import annotations

import random
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Final, ParamSpec

from fimls.completion.post import Site, fit, gate
from fimls.completion.post.draft import Draft
from fimls.completion.values import Extent, Shape
from fimls.documents.snapshot import LastTree, Snapshot
from fimls.evaluation.breaking import BREAKINGS
from fimls.evaluation.specimen import BREAKS, specimen
from fimls.syntax.tree import parse
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fimls.evaluation.specimen import Function
    from fimls.syntax.tree import Tree

P = ParamSpec("P")

# Functions of the file in which the gate is tried, all over it.
_PLACES: Final = 40

# Grammars are loaded and code is warm after these; they are not counted.
_WARM_UP: Final = 3

_LANGUAGE: Final = "python"


def times(lines: int) -> Iterator[tuple[str, float]]:
    """What was done and the milliseconds it took, in a file of about that many lines.

    Each function's body is said as it is and broken, where the file is in order but for the hole
    and where a line above breaks it as well.
    """
    file = specimen(lines)
    tree = parse(file.text, language_of(_LANGUAGE).grammar)
    count = len(file.functions)
    chosen = sorted({1 + at * (count - 1) // _PLACES for at in range(_PLACES)})
    chosen = [at for at in chosen if at < count]
    for number, at in enumerate((*chosen[:_WARM_UP], *chosen)):
        above, function = file.functions[at - 1], file.functions[at]
        for line in ("", BREAKS[at % len(BREAKS)]):
            for what, time_ms in _times_at(file.text, tree, above, function, line):
                if number >= _WARM_UP:
                    yield what, time_ms


def _times_at(
    text: str, tree: Tree | None, above: Function, function: Function, line: str
) -> Iterator[tuple[str, float]]:
    """The times for a function, with a line that breaks the text at the end of the one above."""
    start, end = function.start + len("    "), function.end - 1
    body, state = text[start:end], "broken" if line else "good"
    before = text[: above.end] + line + text[above.end : start]
    # What was found out about one site is remembered: each text has a new one.
    site = partial(_site, before, text[end:], LastTree(tree, is_behind=bool(line)))
    yield f"all filters: ten lines in {state} text", _timed(fit, body, site(), done=True)
    yield f"gate: fitting, in {state} text", _timed(gate.apply, Draft(body), site())
    rng = random.Random(function.start)  # noqa: S311 - it is to be the same each time.
    for broken in (breaking(body, rng) for breaking in BREAKINGS.values()):
        if broken is not None:
            yield f"gate: broken, in {state} text", _timed(gate.apply, Draft(broken), site())


def _site(before: str, after: str, last_tree: LastTree) -> Site:
    """A hole in a document of which an earlier text has been parsed, as the engine makes it."""
    snap = Snapshot("", 1, language_of(_LANGUAGE), "", before + after, "", last_tree)
    return Site(snap.hole_at(len(before)), snap.tree, Shape(Extent.BLOCK))


def _timed(work: Callable[P, object], *arguments: P.args, **options: P.kwargs) -> float:
    start_s = process_time()
    work(*arguments, **options)
    return (process_time() - start_s) * 1000

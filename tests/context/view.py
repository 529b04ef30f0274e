"""Views of a few texts, for tests of what is made from them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fimls.context.gather import ALL, Gathered, Source, gather
from fimls.context.window import Budget, Window, cut
from fimls.evaluation.context_view import MemoryView
from fimls.text.hole import Hole
from fimls.text.languages import language_of
from fimls.text.tokens import CODE_LLAMA, count

if TYPE_CHECKING:
    from fimls.context.recent import Edited

COUNT = partial(count, rate=CODE_LLAMA)
WINDOW = Budget(prefix_tokens=1024, suffix_tokens=160)


def hole_in(path: str, picture: str) -> Hole:
    """The hole at the mark of a picture."""
    before, after = picture.split("█")
    return Hole(before + after, len(before), language_of("", path), path)


def view_with(files: dict[str, str], hole: Hole) -> MemoryView:
    """The view of some files and of the one with the hole."""
    return MemoryView("/project", {**files, hole.path: hole.text})


def window_of(hole: Hole, budget: Budget = WINDOW) -> Window:
    """The window of a completion, or a smaller one."""
    return cut(hole, budget, COUNT)


def gathered(
    files: dict[str, str],
    hole: Hole,
    *,
    budget: int = 512,
    sources: frozenset[Source] = ALL,
    recent: tuple[Edited, ...] = (),
    window: Budget = WINDOW,
) -> Gathered:
    """What is shown at a hole."""
    view = view_with(files, hole)
    return gather(view, hole, window_of(hole, window), budget, COUNT, recent, sources=sources)


def text_of(found: Gathered) -> str:
    """All of it, each file under its path."""
    return "\n".join(f"{each.path}\n{each.text}" for each in found.snippets)

"""The ways in which models spoil a right answer, each as a function of the task.

They are the complaints that users of such tools have (`peers.md` §3, §5), made on purpose: the true
middle of a hole is what the author typed, so what the filters should make of it is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.evaluation.infill import Task


@dataclass(frozen=True, slots=True)
class Spoiling:
    """A way to fail: `spoil` makes what a model says of a task, None where it cannot happen there.

    `hole` moves the task's hole first, for failures that need the cursor somewhere else.
    """

    name: str
    spoil: Callable[[Task], str | None]
    hole: Callable[[Task], Task] = lambda task: task


def indented(task: Task) -> Task:
    """The task with the cursor behind the indentation of the middle's first line."""
    if task.prefix and not task.prefix.endswith("\n"):
        return task
    blanks = _BLANKS.match(task.middle)
    indentation = blanks.group() if blanks else ""
    return replace(
        task, prefix=task.prefix + indentation, middle=task.middle.removeprefix(indentation)
    )


# As much as a model says of what follows before its tokens are used up, or it notices.
_ECHOED_LINES: Final = 5

_COPIES: Final = 8

_BLANKS: Final = re.compile(r"[ \t]+(?=\S)")
_CLOSERS: Final = ")]}"

_FUNCTION: Final = "def normalize(values):\n    total = sum(values)\n    return total or 1\n"
_TEST: Final = "def test_normalize():\n    assert normalize([1, 1]) == [0.5, 0.5]\n"
_MAIN: Final = 'if __name__ == "__main__":\n    print(normalize([1, 2, 3]))\n'
_TALK: Final = "\nThis code completes the function as you asked.\n"


def _clean(task: Task) -> str:
    return task.middle


def _echo(task: Task) -> str | None:
    """The middle, and then what the document says next."""
    lines = task.suffix.split("\n")
    if not any(line.strip() for line in lines):
        return None
    return task.middle + "\n".join(lines[:_ECHOED_LINES])


def _loop(task: Task) -> str | None:
    """The middle, and then its last visible line over and over."""
    visible = [line for line in task.middle.split("\n") if line.strip()]
    if len(visible) < 2:
        return None
    return task.middle.rstrip() + "\n" + f"{visible[-1]}\n" * _COPIES


def _runs_on(with_: str) -> Callable[[Task], str]:
    def spoil(task: Task) -> str:
        return f"{task.middle.rstrip()}\n\n\n{with_}"

    return spoil


def _doubled_closer(task: Task) -> str | None:
    text = task.middle.rstrip()
    if not text.endswith(tuple(_CLOSERS)):
        return None
    return text + text[-1] + task.middle[len(text) :]


def _missing_closer(task: Task) -> str | None:
    text = task.middle.rstrip()
    if not text.endswith(tuple(_CLOSERS)):
        return None
    return text[:-1] + task.middle[len(text) :]


def _fence(task: Task) -> str | None:
    if not task.middle.strip():
        return None
    return f"```{task.language}\n{task.middle.rstrip()}\n```\n{_TALK}"


def _doubled_indentation(task: Task) -> str | None:
    """The indentation that the cursor stands behind is said once more."""
    before = task.prefix.rpartition("\n")[2]
    return before + task.middle if before and not before.strip() else None


SPOILINGS: Final = (
    Spoiling("clean", _clean),
    Spoiling("clean, behind the indentation", _clean, indented),
    Spoiling("suffix echo", _echo),
    Spoiling("loop", _loop),
    Spoiling("run-on: function", _runs_on(_FUNCTION)),
    Spoiling("run-on: test", _runs_on(_TEST)),
    Spoiling("run-on: main block", _runs_on(_MAIN)),
    Spoiling("code fence", _fence),
    Spoiling("doubled closer", _doubled_closer),
    Spoiling("missing closer", _missing_closer),
    Spoiling("doubled indentation", _doubled_indentation, indented),
)
"""What is done to true middles, the first one nothing."""

"""The ways in which models spoil a right answer, each as a function of the task.

They are the complaints that users of such tools have (`peers.md` §3, §5), made on purpose: the true
middle of a hole is what the author typed, so what the filters should make of it is known.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from fimls.evaluation.run_on import RUN_ONS, continued
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.evaluation.tasks import Task


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

# As much as a model that begins anew says of what stands before the hole.
_LINES_AGAIN: Final = 3
_LEAST_AGAIN_CHARS: Final = 8

_COPIES: Final = 8

_BLANKS: Final = re.compile(r"[ \t]+(?=\S)")
_INDENTATIONS: Final = re.compile(r"^[ \t]*(?=\S)", re.MULTILINE)
_CLOSERS: Final = ")]}"
_TAB_COLUMNS: Final = 4

# Levels that people indent by; what is deeper by one or three is aligned to something.
_STEPS: Final = (2, 4, 8)

_TALK: Final = "\nThis code completes the function as you asked.\n"
_THOUGHTS: Final = "<think>\nThe lines around tell what is missing.\n</think>\n\n"
_BEFORE: Final = "Here is the code that goes there:\n\n"

# One of each family (`models.md`), and what a model goes on with that does not stop there.
_TOKENS: Final = (
    "<EOT>",
    " <EOT>",
    "<|endoftext|>",
    "<|fim_pad|>",
    "<file_sep>",
    "<｜end▁of▁sentence｜>",
)
_AFTER: Final = "src/app.py\nimport os\n"

_ZERO_WIDTH_SPACE: Final = "\u200b"


def _clean(task: Task) -> str:
    return task.middle


def _echo(task: Task) -> str | None:
    """The middle, and then what the document says next."""
    lines = task.suffix.split("\n")
    if not any(line.strip() for line in lines):
        return None
    return task.middle + "\n".join(lines[:_ECHOED_LINES])


def _begins_anew(task: Task) -> str | None:
    """The begin of the cursor's line once more, or where there is none the lines before it."""
    above = task.prefix.split("\n")
    begun = above[-1].lstrip()
    if begun:
        return begun + task.middle if len(begun) >= _LEAST_AGAIN_CHARS else None
    if len([line for line in above if line.strip()]) < _LINES_AGAIN:
        return None
    return "\n".join(above[-_LINES_AGAIN - 1 :]) + task.middle


def _names_file(task: Task) -> str | None:
    """A comment with the name of a file, as prompts have them above a snippet."""
    mark = language_of(task.language).line_comment
    if mark is None or not _starts_line(task):
        return None
    return f"{mark} Path: src/app.txt\n{task.middle}"


def _loop(task: Task) -> str | None:
    """The middle, and then its last visible line over and over."""
    visible = [line for line in task.middle.split("\n") if line.strip()]
    if len(visible) < 2:
        return None
    return task.middle.rstrip() + "\n" + f"{visible[-1]}\n" * _COPIES


def _runs_on(what: str) -> Callable[[Task], str | None]:
    def spoil(task: Task) -> str | None:
        run_on = RUN_ONS.get(task.language)
        return None if run_on is None else continued(task, getattr(run_on, what))

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


def _talk_and_fence(task: Task) -> str | None:
    fenced = _fence(task)
    return None if fenced is None else _BEFORE + fenced


def _talk(task: Task) -> str | None:
    """The middle, and then a sentence about it."""
    return f"{task.middle.rstrip()}\n{_TALK}" if task.middle.strip() else None


def _thoughts(task: Task) -> str | None:
    """What a reasoning model says to itself, and then the middle."""
    return f"{_THOUGHTS}{task.middle}" if task.middle.strip() else None


def _token(task: Task) -> str:
    """The middle, a control token as text, and what a model goes on with."""
    return task.middle + _TOKENS[zlib.crc32(task.name.encode()) % len(_TOKENS)] + _AFTER


def _no_line_end(task: Task) -> str | None:
    """The middle without the line end that it has before the document's next line."""
    text = task.middle.rstrip()
    return text if text and task.middle.endswith("\n") else None


def _carriage_returns(task: Task) -> str | None:
    return task.middle.replace("\n", "\r\n") if "\n" in task.middle else None


def _hidden(task: Task) -> str | None:
    """A character that nobody sees before the first one that can be seen."""
    text = task.middle.lstrip()
    return task.middle[: len(task.middle) - len(text)] + _ZERO_WIDTH_SPACE + text if text else None


def _doubled_indentation(task: Task) -> str | None:
    """The indentation that the cursor stands behind is said once more."""
    before = task.prefix.rpartition("\n")[2]
    return before + task.middle if before and not before.strip() else None


def _deeper(task: Task) -> str | None:
    """Each line one level too deep."""
    unit = _unit(task)
    if not (unit and _starts_line(task) and task.middle.strip()):
        return None
    return _INDENTATIONS.sub(lambda blanks: unit + blanks.group(), task.middle)


def _unindented(task: Task) -> str | None:
    """The first line at the left edge, as if the cursor stood behind its indentation."""
    moved = indented(task)
    return moved.middle if moved.prefix != task.prefix else None


def _other_blanks(task: Task) -> str | None:
    """Tabs where the document has blanks, and blanks where it has tabs."""
    unit = _unit(task)
    if not unit:
        return None
    other = " " * _TAB_COLUMNS if unit == "\t" else "\t"
    begun = "" if _starts_line(task) else task.prefix[-1:]
    text = _INDENTATIONS.sub(
        lambda blanks: blanks.group().replace(unit, other), begun + task.middle
    ).removeprefix(begun)
    return text if text != task.middle else None


def _starts_line(task: Task) -> bool:
    return not task.prefix.rpartition("\n")[2].strip()


def _unit(task: Task) -> str:
    """What a level of the document is indented by; "" where that does not show.

    That is the step that most lines are deeper by than the one before; others are aligned.
    """
    lines = _INDENTATIONS.findall(task.prefix + task.middle + task.suffix)
    if sum(blanks[0] == "\t" for blanks in lines if blanks) * 2 > sum(map(bool, lines)):
        return "\t"
    steps = [len(below) - len(above) for above, below in pairwise(lines)]
    found = Counter(step for step in steps if step in _STEPS).most_common(1)
    return " " * found[0][0] if found else ""


_INTACT: Final = (
    Spoiling("clean", _clean),
    Spoiling("clean, behind the indentation", _clean, indented),
)

CLEAN: Final = frozenset(each.name for each in _INTACT)
"""The names of the ways in which nothing is done to a middle."""

SPOILINGS: Final = (
    *_INTACT,
    Spoiling("suffix echo", _echo),
    Spoiling("prompt echo", _begins_anew),
    Spoiling("path of a file", _names_file),
    Spoiling("loop", _loop),
    Spoiling("run-on: function", _runs_on("function")),
    Spoiling("run-on: test", _runs_on("test")),
    Spoiling("run-on: main block", _runs_on("main")),
    Spoiling("code fence", _fence),
    Spoiling("talk, code fence", _talk_and_fence),
    Spoiling("talk after it", _talk),
    Spoiling("thoughts", _thoughts),
    Spoiling("control token", _token),
    Spoiling("line end missing", _no_line_end),
    Spoiling("carriage returns", _carriage_returns),
    Spoiling("hidden character", _hidden),
    Spoiling("doubled closer", _doubled_closer),
    Spoiling("missing closer", _missing_closer),
    Spoiling("doubled indentation", _doubled_indentation, indented),
    Spoiling("a level too deep", _deeper),
    Spoiling("first line unindented", _unindented),
    Spoiling("tabs and blanks mixed up", _other_blanks),
)
"""What is done to true middles, first nothing."""

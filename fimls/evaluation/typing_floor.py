"""What a typing trace costs at the least, by arithmetic: the floor rows of `peer-bench.md` §2.

Pure.  The first reading of the file is left out: it can be done before the first key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.evaluation.typing_model import MOST_CHARS
from fimls.evaluation.typing_steps import Act, left_after, steps
from fimls.evaluation.typing_trace import first_line
from fimls.testing.runner import TYPICAL
from fimls.testing.speech import tokens_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.evaluation.typing_steps import Step
    from fimls.evaluation.typing_trace import Trace

LINES_AFTER: Final = (15, 5)
"""How many lines after the cursor's a request has, in the two rows that ask once a pause."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A row: requests, characters read, model seconds, the wait of each pause in seconds.

    `floor 15` and `floor 5` ask once a pause with so many lines after the cursor; `known` has
    asked ahead.
    """

    name: str
    requests: int
    read: int
    model_s: float
    pauses_s: tuple[float, ...]
    fast: float | None = None


def floors(trace: Trace) -> list[Floor]:
    """All rows."""
    return [*(a_request_a_pause(trace, lines) for lines in LINES_AFTER), answer_known(trace)]


def a_request_a_pause(trace: Trace, lines_after: int) -> Floor:
    """Asks when a pause begins, for one line, and reads what is new and the suffix."""
    suffix = _suffix(trace, lines_after)
    waits, read, known = [], 0, 0
    for typed in _pauses(trace):
        unknown = typed - known + suffix
        line = first_line(trace.middle[typed:])
        waits.append(TYPICAL.reading_s(unknown) + TYPICAL.writing_s(tokens_in(line)))
        read, known = read + unknown, typed
    name = f"floor {lines_after}"
    return Floor(name, len(waits), read, sum(waits), tuple(waits))


def answer_known(trace: Trace) -> Floor:
    """Types through, and asks ahead: as few answers as hold what is typed, and no wait."""
    typed, can_be = "", []
    for step, typed in _typing(trace):
        if step.act in (Act.KEY, Act.BACK):
            can_be.append(bool(left_after(typed, trace)))
    requests = -(-len(typed) // MOST_CHARS)
    read = len(typed) + requests * _suffix(trace, LINES_AFTER[-1])
    model_s = TYPICAL.reading_s(read) + TYPICAL.writing_s(tokens_in(typed))
    share = sum(can_be) / max(1, len(can_be))
    return Floor("known", requests, read, model_s, (0.0,) * len(_pauses(trace)), share)


def _suffix(trace: Trace, lines_after: int) -> int:
    """Characters of the rest of the cursor's line and so many lines after it."""
    return len("".join(trace.after.splitlines(keepends=True)[: lines_after + 1]))


def _pauses(trace: Trace) -> list[int]:
    """How much of the middle is there when each pause begins."""
    return [len(typed) for step, typed in _typing(trace) if step.act is Act.PAUSE]


def _typing(trace: Trace) -> Iterator[tuple[Step, str]]:
    """Each step, with what is typed after it."""
    typed = ""
    for step in steps(trace):
        typed = typed[:-1] if step.act is Act.BACK else typed + step.text
        yield step, typed

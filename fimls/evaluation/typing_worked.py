"""What the model had to do while a trace was typed: requests, characters read, seconds.

Pure; the columns are those of `peer-bench.md` §2.  The first reading of the file, which can be done
before the first key, is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import mean
from typing import TYPE_CHECKING, Final

from fimls.testing.runner import TYPICAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.typing_timeline import Timeline, Work
    from fimls.evaluation.typing_trace import Trace

# A request may read this many times what is new in its prompt (issue 5).
_MOST_REREAD: Final = 1.5

# The characters that a completion needs around the cursor, where the file has them (issue 5).
_NEEDED_BEFORE: Final = 1_500
_NEEDED_AFTER: Final = 300


@dataclass(frozen=True, slots=True)
class FirstReading:
    """What was done until a whole prompt had been read once.

    `before_keys` requests came before the first key, and count nowhere else.  `read` characters
    and `model_s` seconds are theirs, and what was read by the others up to the first whole prompt.
    """

    before_keys: int
    read: int
    model_s: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Worked:
    """The columns of what the model did; characters, and seconds in which it held its slot.

    `reread` and `allowed` are the characters that a request had to read, and might, where it was
    on the line of the one before; `over` are those that had to read more.  `entered` are requests
    after an end of line that had to read more than half of their prompt.  `least_prefix` and
    `least_suffix` are what prompts had at the least around the cursor, `narrow` those that had
    less than a completion needs, although the file has it.  `unknown_to` is what an Ollama before
    0.30 and one since would have had to read for a request, after the first reading.  `unplaced`
    requests were at no place of the trace.
    """

    requests: int
    cancelled: int
    late: int
    read: int
    model_s: float
    first: FirstReading
    most_at_once: int
    reloads: int
    reread: float
    allowed: float
    over: Share
    entered: Share
    least_prefix: int
    least_suffix: int
    narrow: Share
    unknown_to: tuple[float, float]
    unplaced: int

    @property
    def per_request(self) -> float:
        """Characters read for a request."""
        return self.read / max(1, self.requests)


def worked(timeline: Timeline) -> Worked | None:
    """The columns of a run; None where nobody could look at the model."""
    if timeline.works is None:
        return None
    first, later = _first_reading(timeline.works, timeline.strokes[0].at_s)
    counted = timeline.works[first.before_keys :]
    on_line, entered = _moved(later, timeline.trace.middle)
    return Worked(
        requests=len(counted),
        cancelled=sum(not work.done for work in counted),
        late=sum(_is_late(work, timeline) for work in counted),
        read=sum(work.read for work in timeline.works) - first.read,
        model_s=sum(work.busy_s for work in timeline.works) - first.model_s,
        first=first,
        most_at_once=timeline.most_at_once,
        reloads=timeline.reloads,
        reread=mean([work.unknown for _new, work in on_line] or [0]),
        allowed=mean([_allowed(new, work) for new, work in on_line] or [0]),
        over=Share(sum(work.unknown > _allowed(new, work) for new, work in on_line), len(on_line)),
        entered=Share(sum(2 * work.unknown > work.prompt for work in entered), len(entered)),
        least_prefix=min((work.prefix for work in counted), default=0),
        least_suffix=min((work.suffix for work in counted), default=0),
        narrow=Share(sum(_is_narrow(work, timeline.trace) for work in counted), len(counted)),
        unknown_to=_unknown_to(later[1:]),
        unplaced=sum(work.place is None for work in counted),
    )


def _first_reading(works: Sequence[Work], first_key_s: float) -> tuple[FirstReading, list[Work]]:
    """The first reading, and the requests from the one on that completed it."""
    before = [work for work in works if work.arrived_s < first_key_s]
    whole = next((at for at, work in enumerate(works) if _is_read(work)), len(works) - 1)
    reading = works[len(before) : whole + 1]
    read = sum(work.read for work in (*before, *reading))
    # Of those after the first key only the reading counts here: their answers are for the author.
    spent_s = sum(work.busy_s for work in before)
    spent_s += sum(min(work.busy_s, TYPICAL.reading_s(work.unknown)) for work in reading)
    return FirstReading(len(before), read, spent_s), list(works[max(0, whole) :])


def _is_narrow(work: Work, trace: Trace) -> bool:
    if work.place is None:
        return False
    there = len(trace.before) + work.place
    short_before = work.prefix < min(_NEEDED_BEFORE, there)
    return short_before or work.suffix < min(_NEEDED_AFTER, len(trace.after))


def _unknown_to(works: Sequence[Work]) -> tuple[float, float]:
    before, since = (
        zip(*(work.unknown_to for work in works), strict=True) if works else ((0,), (0,))
    )
    return mean(before), mean(since)


def _is_read(work: Work) -> bool:
    return work.cached + work.read >= work.prompt


def _is_late(work: Work, timeline: Timeline) -> bool:
    """Whether it ran to its end although the author had typed on."""
    if not work.done or work.ended_s is None:
        return False
    return timeline.typed_at(work.arrived_s) != timeline.typed_at(work.ended_s)


def _moved(works: Sequence[Work], middle: str) -> tuple[list[tuple[int, Work]], list[Work]]:
    """Requests on the line of the one before, with what is new in them, and those after it."""
    on_line: list[tuple[int, Work]] = []
    entered: list[Work] = []
    began = [work for work in works if work.ended_s is not None and work.place is not None]
    for before, work in pairwise(began):
        start, end = before.place or 0, work.place or 0
        if "\n" in middle[start:end]:
            entered.append(work)
        else:
            on_line.append((max(0, end + work.slip - start - before.slip), work))
    return on_line, entered


def _allowed(new: int, work: Work) -> float:
    return _MOST_REREAD * (new + work.suffix)

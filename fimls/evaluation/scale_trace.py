"""The places of a file at which authors may type: one trace gives many."""

from __future__ import annotations

import re
from random import Random

from fimls.evaluation.typing_trace import MIDDLE_CHARS, Trace, holed


def places(trace: Trace, count: int, seed: int) -> list[Trace]:
    """The trace, and the same file typed at other places: `count` of them together."""
    text = trace.before + trace.middle + trace.after
    starts = [match.start() for match in re.finditer(r"(?m)(?<=^)[ \t]*(?=\S)", text)]
    # An author begins where there is something above, and enough to type below.
    within = [start for start in starts if len(text) // 4 < start < len(text) - MIDDLE_CHARS]
    chosen = Random(seed).sample(within, min(count - 1, len(within)))  # noqa: S311
    whole = Trace(trace.path, trace.language, text, "", "")
    return [trace, *(holed(whole, start) for start in chosen)]

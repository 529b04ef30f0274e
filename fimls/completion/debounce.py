"""How long an automatic request waits for the next key before it asks the model.

Served runs and explicit requests never wait.  A fixed setting always does; with `auto` there are
two cases:

- The author has come to a place where they stop to look: a new line, the end of what was shown, the
  first key after a pause.  There is no wait.  What they type next agrees with the answer or not; if
  it does, the run under way is joined, so that this costs a request for each place and not for each
  key.
- Between keys, a request is worth anything only if no other key follows at once: the wait is the
  usual gap between keys and a third.  The model's latency has no part in it: who subtracts that
  asks most where asking costs most.
"""

from __future__ import annotations

from collections import deque
from statistics import median

# Longer gaps are pauses, not typing; they tell nothing about the next key.
_PAUSE_S = 1.0

# How many gaps between keys are remembered: a few words, so that a change of rhythm shows soon.
_GAPS = 12

# A key that follows within the usual gap, and a third, belongs to the same burst of typing.
_BURST = 1.33

# Under 30 ms even key repeat does not come; over 250 ms the wait itself would be felt.
_LEAST_S = 0.03
_MOST_S = 0.25

# Before a rhythm is known: 75 ms is the shortest wait that peers use with local models.
_FIRST_S = 0.075


class Rhythm:
    """The author's rhythm of typing, from the times of the changes.

    `is_deleting`: the last change made a document shorter.
    """

    def __init__(self) -> None:
        self.is_deleting = False
        self._last_s: float | None = None
        self._gaps_s: deque[float] = deque(maxlen=_GAPS)
        self._after_pause = True

    def key(self, now_s: float, *, grown: int = 1) -> None:
        """Notes a change of a document, by which it has `grown` so many characters."""
        self.is_deleting = grown < 0
        gap_s = None if self._last_s is None else now_s - self._last_s
        self._last_s = now_s
        self._after_pause = gap_s is None or gap_s >= _PAUSE_S
        if gap_s is not None and gap_s < _PAUSE_S:
            self._gaps_s.append(gap_s)

    def wait_s(self, setting_ms: int | str, *, at_rest: bool = False) -> float:
        """The seconds to wait now: what the setting fixes, or what the rhythm suggests.

        `at_rest`: the cursor has come to a place where authors stop to look.
        """
        if not isinstance(setting_ms, str):
            return setting_ms / 1000
        if at_rest or self._after_pause:
            return 0.0
        if len(self._gaps_s) < 3:
            return _FIRST_S
        return min(_MOST_S, max(_LEAST_S, median(self._gaps_s) * _BURST))

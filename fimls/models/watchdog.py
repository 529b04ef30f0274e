"""Notices a model that takes requests and says nothing: Ollama's slot may be held for ever.

A cancelled request can leave one behind that holds the only slot while every question about the
server is answered (`ollama.md` §1.7); only unloading the model helps (§5.5).
"""

from __future__ import annotations

from itertools import count
from typing import Final

SILENCE_S: Final = 30.0
"""So much silence, over requests one after the other, is no model at work (`ollama.md` §5.5)."""

# One request alone may have met a long prompt or a busy machine.
_LEAST_REQUESTS: Final = 2

# What is overtaken by the next key earlier than that tells nothing: a model that is well may be
# reading the prompt.
_LEAST_S: Final = 2.0

# After each reload that did not help, it is waited so much longer for the next one, so that a
# machine which is only slow comes to its end of reading once.
_MORE_PATIENCE: Final = 2.0


class Watchdog:
    """Counts the requests to one warm model that end without one event; times are in seconds.

    Whoever asks the model tells when a request `began`, when anything of its answer was `heard`,
    and when it `ended`, in whatever way; and calls `reset` when the model has been loaded anew.
    `reloads` is how often that was done for its silence, since something was heard last.
    """

    def __init__(self, silence_s: float = SILENCE_S) -> None:
        self.reloads = 0
        self._first_silence_s = silence_s
        self._allowed_s = silence_s
        self._idents = count(1)
        self._open: dict[int, float] = {}
        self._silent_s = 0.0
        self._silent_requests = 0

    @property
    def is_suspicious(self) -> bool:
        """Whether the model has been silent for too long; unload it then, and load it anew."""
        return self._silent_requests >= _LEAST_REQUESTS and self._silent_s >= self._allowed_s

    def began(self, now_s: float) -> int:
        """A request has been sent to the warm model; returns what to call it by."""
        ident = next(self._idents)
        self._open[ident] = now_s
        return ident

    def heard(self, ident: int) -> None:
        """Something of its answer has come: the model is well."""
        if self._open.pop(ident, None) is not None:
            self._forget()
            self._allowed_s, self.reloads = self._first_silence_s, 0

    def ended(self, ident: int, now_s: float) -> None:
        """The request is over; one of which something was heard counts for nothing."""
        began_s = self._open.pop(ident, None)
        if began_s is None or now_s - began_s < _LEAST_S:
            return
        self._silent_requests += 1
        self._silent_s += now_s - began_s

    def reset(self) -> None:
        """The model has been loaded anew; requests from before that are of no interest."""
        if self.is_suspicious:
            self._allowed_s *= _MORE_PATIENCE
            self.reloads += 1
        self._open.clear()
        self._forget()

    def _forget(self) -> None:
        self._silent_s, self._silent_requests = 0.0, 0

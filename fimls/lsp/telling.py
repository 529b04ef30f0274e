"""What of the model's trouble is told to the user in so many words: each kind once, if it lasts."""

from __future__ import annotations

from fimls.models.conditions import row_of
from fimls.models.status import State, Status
from fimls.models.trouble import NEVER, Condition

_TROUBLE = frozenset({State.OFFLINE, State.ERROR, State.OFF})

_CONDITIONS = frozenset(condition.value for condition in Condition)


class Telling:
    """Follows the statuses of the model, and knows which trouble the user should be told of.

    A trouble counts each time that the model comes into it, and until a request is answered; two
    wordings of one condition are one trouble.  When the user has the model looked for anew, by new
    settings or by a command, everything may be told again.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._last = Status(State.STARTING)
        self._kind = ""
        self._times = 0
        self._is_there = False

    def follow(self, status: Status) -> bool:
        """Takes note of a status; true where it is one that is to be told if it lasts."""
        last, self._last = self._last, status
        if _is_new_beginning(status):
            self._told.clear()
        if _is_new_beginning(status) or _is_answered(last, status):
            self._kind, self._times = "", 0
        kind = kind_of(status)
        # While a request is under way, what was the matter still is.
        self._is_there = bool(kind) or (self._is_there and status.state is State.BUSY)
        if not kind:
            return False
        if kind != self._kind:
            self._kind, self._times = kind, 1
        elif kind_of(last) != kind:
            self._times += 1
        return self.is_due(status)

    def is_due(self, status: Status) -> bool:
        """Whether that trouble is still there, has come often enough, and has not been told."""
        kind, least = kind_of(status), _tells(status)
        is_there = self._is_there and kind == self._kind
        return is_there and kind not in self._told and self._times >= least != NEVER

    def told(self, status: Status) -> None:
        """The user has been told."""
        self._told.add(kind_of(status))


def kind_of(status: Status) -> str:
    """The kind of trouble that a status tells of; "" for none, or for one of a document's own."""
    if status.uri is not None or status.state not in _TROUBLE:
        return ""
    if status.condition in _CONDITIONS:
        return status.condition
    # What the user has switched off is no trouble, and any other without a row is one by itself.
    return "" if status.state is State.OFF else status.message


def _tells(status: Status) -> int:
    if status.condition not in _CONDITIONS:
        return 1
    return row_of(Condition(status.condition), status.backend).tells


def _is_new_beginning(status: Status) -> bool:
    """Whether the session knows of no model and of no trouble: it does so when it is restarted."""
    return status.state is State.STARTING and not status.model


def _is_answered(last: Status, status: Status) -> bool:
    """Whether a request has come to a good end; that a model is loaded says nothing of that."""
    return last.state is State.BUSY and status.state is State.READY

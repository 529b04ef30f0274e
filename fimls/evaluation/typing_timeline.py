"""What happened when while a trace was typed: the author's strokes, the screen, the model's work.

All times are seconds of one monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.evaluation.typing_trace import Trace


class Kind(StrEnum):
    """How the text came to change: `BY_HAND` is a line that could not be accepted."""

    KEY = "key"
    BACK = "back"
    ACCEPT = "accept"
    BY_HAND = "by hand"


class Rest(StrEnum):
    """Why nothing was typed for a while."""

    PAUSE = "pause"
    ACCEPTED = "accepted"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A change of the text, and all that was typed of the trace after it."""

    at_s: float
    kind: Kind
    typed: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A time without a stroke; it begins with the last one."""

    rest: Rest
    from_s: float
    until_s: float
    typed: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What stood on the screen from a moment on, after `typed`; "" is nothing.

    `own`: the server's answer to a question about just this text; the others are the client's
    typing through an older answer.
    """

    at_s: float
    typed: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A request at the model; lengths are characters.

    `place` is where in the middle it asks, None where that could not be made out; `slip` are the
    wrong letters after it.  `ended_s` is None for a request that never had the model, `cached` is
    what of the prompt the model knew, `read` what it read before the client was noticed to have
    gone.  `done`: it ran to its end.  `unknown_to` is what an Ollama before 0.30 and one since
    would have had to read, given the same requests.
    """

    arrived_s: float
    ended_s: float | None
    busy_s: float
    prompt: int
    prefix: int
    suffix: int
    place: int | None
    slip: int
    cached: int
    read: int
    tokens: int
    done: bool
    said: str = ""
    unknown_to: tuple[int, int] = (0, 0)

    @property
    def unknown(self) -> int:
        """Characters of the prompt that the model had to read anew."""
        return self.prompt - self.cached


@dataclass(slots=True)
class Timeline:
    """A run, from the first stroke to the last pause; `works` is None where nobody could look."""

    trace: Trace
    strokes: list[Stroke] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    works: list[Work] | None = None
    most_at_once: int = 0
    reloads: int = 0

    @property
    def ends_s(self) -> list[float]:
        """Until when each stroke's text stood."""
        return [*(stroke.at_s for stroke in self.strokes[1:]), self.stops[-1].until_s]

    def typed_at(self, at_s: float) -> str:
        """What had been typed at a moment."""
        return next((each.typed for each in reversed(self.strokes) if each.at_s <= at_s), "")

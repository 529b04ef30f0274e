"""What the demo shows, and the plain way of showing it; `screen` has the animated one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from fimls.testing.marks import CLOSE, CURSOR, OPEN
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

LINES_AROUND = 3
"""How many lines before and after the cursor a frame of the plain demo shows."""

_RULE_CHARACTERS = 72


class Beat(StrEnum):
    """What has just happened."""

    WAIT = "wait"
    KEY = "key"
    ASK = "ask"
    SHOW = "show"
    ACCEPT = "accept"
    TYPE_ON = "type on"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Frame:
    """The editor at one moment.

    `offset` is the cursor's in `text`; `ghost` is drawn there without being in the text, and the
    `fresh` characters before the cursor have just been accepted.  `status` tells about the model
    and `says` what is happening.
    """

    path: str = ""
    text: str = ""
    offset: int = 0
    ghost: str = ""
    fresh: int = 0
    status: str = ""
    says: str = ""

    @property
    def line(self) -> int:
        """The cursor's line, 1-based."""
        return self.text.count("\n", 0, self.offset) + 1

    @property
    def column(self) -> int:
        """The cursor's column, 1-based: it is before the character there."""
        return self.offset - line_start(self.text, self.offset) + 1


class Stage(Protocol):
    """Where the demo is shown while it is entered."""

    def __enter__(self) -> Self:
        """Begins to show."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leaves the place as it should be left."""
        ...

    async def show(self, frame: Frame, beat: Beat) -> None:
        """Shows a moment, for as long as one has to see it."""
        ...


class Dark:
    """Shows nothing: for output that is meant for machines."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    async def show(self, frame: Frame, beat: Beat) -> None:
        """Shows nothing."""


class Plain(Dark):
    """Prints a frame for each completion and a line for what became of it, without any pause.

    Ghost text stands between `├` and `┤`, the cursor is `█`, as in the tests' pictures.
    """

    async def show(self, frame: Frame, beat: Beat) -> None:
        """Prints what is worth a place in a log."""
        if beat is Beat.WAIT:
            print(frame.says, flush=True)
        elif beat is Beat.SHOW:
            print(_drawn(frame), flush=True)
        elif beat in _TOLD:
            print(f"{'':5}  {frame.says}", flush=True)


_TOLD = frozenset({Beat.ACCEPT, Beat.TYPE_ON, Beat.NOTHING})


def _drawn(frame: Frame) -> str:
    mark = OPEN + frame.ghost + CLOSE if frame.ghost else CURSOR
    text = frame.text[: frame.offset] + mark + frame.text[frame.offset :]
    lines = text.split("\n")
    first = max(0, frame.line - 1 - LINES_AROUND)
    last = frame.line + frame.ghost.count("\n") + LINES_AROUND
    title = f"── {frame.path}:{frame.line}:{frame.column} "
    code = [f"{first + n:5}  {line}".rstrip() for n, line in enumerate(lines[first:last], 1)]
    return "\n".join(["", title.ljust(_RULE_CHARACTERS, "─"), *code])

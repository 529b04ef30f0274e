"""The demo on a terminal: an editor's window, drawn with rich, at the pace of somebody typing."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.box import HORIZONTALS
from rich.console import Group
from rich.live import Live
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Column, Table
from rich.text import Text

from fimls.cli.stage import Beat, Frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

# The window's height: the code in it never jumps, and a small terminal has room for it.
_LINES = 14

# Where in the window the cursor's line is kept: more is read above it than below.
_CURSOR_LINE = 8

# The window's greatest width: in a wider terminal the status would stand far from the code.
_COLUMNS = 88

# How long each moment stays, in seconds.  A key is quicker than a good typist's and what is shown
# stays as long as a short line takes to read, so that fifteen stops take less than half a minute.
# Waiting for the model takes the time that it takes.
_STAY_S: Mapping[Beat, float] = {
    Beat.WAIT: 0.0,
    Beat.KEY: 0.025,
    Beat.ASK: 0.0,
    Beat.SHOW: 0.55,
    Beat.ACCEPT: 0.2,
    Beat.TYPE_ON: 0.5,
    Beat.NOTHING: 0.3,
}

_GHOST = "dim italic"
_FRESH = "bold green"
_CURSOR = "reverse"
_NUMBER = "dim"
_NUMBER_HERE = "bold"
_STATUS = "dim"

# What happened is said in the colour that it deserves.
_SAYS: Mapping[Beat, str] = {Beat.ACCEPT: "green", Beat.TYPE_ON: "yellow"}

# What the empty window says while the model is looked for and loaded.
_WELCOME = (
    "",
    "An author writes what is missing of a small shop, in Python and in TypeScript.",
    "The language server is the real one, and so is the model that it asks.",
    "Dim text is offered, green text has just been accepted.",
)

_LEXERS: Mapping[str, str] = {".py": "python", ".ts": "typescript"}

# The terminal's own colours, so that it is readable on dark and on light ground.
_THEME = "ansi_dark"


class Screen:
    """A window on a terminal that is drawn anew for each moment."""

    def __init__(self, console: Console, stay_s: Mapping[Beat, float] = _STAY_S) -> None:
        self._live = Live(console=console, auto_refresh=False)
        self._stay_s = stay_s

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    async def show(self, frame: Frame, beat: Beat) -> None:
        """Draws a moment and lets it stay."""
        self._live.update(window(frame, beat), refresh=True)
        await asyncio.sleep(self._stay_s[beat])


def window(frame: Frame, beat: Beat) -> RenderableType:
    """The editor's window: its tab, the code around the cursor, and its status line."""
    tab = Text.assemble((f" {frame.path or 'fimls demo'} ", "bold reverse"))
    code = Group(*_in_height(_visible(frame)))
    panel = Panel(code, HORIZONTALS, title=tab, title_align="left", border_style="dim")
    # What happens is on the left, as editors have it, and what is so on the right.
    bar = Table.grid(
        Column(ratio=1, no_wrap=True), Column(no_wrap=True), padding=(0, 1), expand=True
    )
    bar.add_row(
        Text(f" {frame.says}", style=_SAYS.get(beat, "default")), Text(frame.status, _STATUS)
    )
    return _Narrow(Group(panel, bar))


class _Narrow:
    """What is drawn, on no more columns than are pleasant to read."""

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(
            self._drawn, options.update_width(min(options.max_width, _COLUMNS))
        )


def _visible(frame: Frame) -> list[Text]:
    """The lines of the window, with their numbers; ghost lines push down what follows."""
    if not frame.path:
        return [Text(line) for line in _WELCOME]
    lines = _highlighted(frame)
    first = min(max(0, frame.line - _CURSOR_LINE), max(0, len(lines) - _LINES))
    return [
        Text.assemble((f"{n:4}  ", _NUMBER_HERE if n == frame.line else _NUMBER), line)
        for n, line in enumerate(lines[first : first + _LINES], first + 1)
    ]


def _in_height(lines: list[Text]) -> list[Text]:
    """The lines of a whole window: none is broken in two, and none is missing."""
    shown = [*lines, *(Text("") for _missing in range(_LINES - len(lines)))]
    for line in shown:
        line.no_wrap, line.overflow = True, "ellipsis"
    return shown


def _highlighted(frame: Frame) -> list[Text]:
    lexer = _LEXERS.get(PurePath(frame.path).suffix, "text")
    code = Syntax("", lexer, theme=_THEME, background_color="default").highlight(frame.text)
    # The last line end is dropped with the colours.
    code.append(frame.text[len(code) :])
    if frame.fresh:
        code.stylize(_FRESH, frame.offset - frame.fresh, frame.offset)
    shown = _with_cursor(code[: frame.offset], frame.ghost, code[frame.offset :])
    return [*shown.split("\n", allow_blank=True)]


def _with_cursor(before: Text, ghost: str, after: Text) -> Text:
    """The code with the ghost text at the cursor, whose block is on the first character of it."""
    shown = Text(ghost, style=_GHOST) if ghost else after
    at_line_end = not shown.plain or shown.plain[0] == "\n"
    if at_line_end:
        cursor = Text(" ", style=_CURSOR)
    else:
        cursor, shown = shown[:1], shown[1:]
        cursor.stylize(_CURSOR)
    return Text.assemble(before, cursor, shown, after if ghost else Text(""))

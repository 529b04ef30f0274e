"""A picture of the demo for pages about fimls: its most telling moment, as an SVG file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.cli.stage import Beat, Dark, Frame
from fimls.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

# As wide as the window is drawn.
_COLUMNS = 88

# rich's own page loads a font from elsewhere.  This one takes what the reader's system has, and has
# no frame around the window but the window's.
_PAGE = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: {char_height}px; line-height: {line_height}px; white-space: pre }}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; font-weight: bold }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" \
height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


class Picture(Dark):
    """Keeps the moment at which the most text was offered and then accepted as it was.

    It is written when the demo is over; there is no file where no moment was worth one.
    Raises `InputError` then if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.best: Frame | None = None
        self._offered: Frame | None = None

    async def show(self, frame: Frame, beat: Beat) -> None:
        """Looks at a moment."""
        if beat is Beat.SHOW:
            self._offered = frame
        if beat is not Beat.ACCEPT or self._offered is None:
            return
        if frame.fresh == len(self._offered.ghost) > (len(self.best.ghost) if self.best else 0):
            self.best = self._offered

    def __exit__(self, *_error: object) -> None:
        if self.best is None:
            return
        try:
            self._path.write_text(drawn(self.best), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{self._path} cannot be written: {error.strerror}") from error


def drawn(frame: Frame) -> str:
    """The editor's window at a moment as SVG, which needs nothing from elsewhere."""
    import io

    from rich.console import Console
    from rich.terminal_theme import SVG_EXPORT_THEME

    from fimls.cli.screen import window

    console = Console(
        record=True,
        file=io.StringIO(),
        force_terminal=True,
        width=_COLUMNS,
        color_system="standard",
    )
    console.print(window(frame, Beat.SHOW))
    return console.export_svg(
        title="fimls demo", theme=SVG_EXPORT_THEME, code_format=_PAGE, unique_id="fimls"
    )

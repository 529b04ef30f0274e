"""The wait of each key of a typing trace, drawn as an SVG file.

Pure.  A bar for each key, as high as the wait for a right suggestion; the keys that had none reach
to the top.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from fimls.evaluation.drawing import MARGIN, sheet
from fimls.evaluation.typing_seen import FAST_S, SLOW_S, waited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.typing_seen import Waited
    from fimls.evaluation.typing_timeline import Timeline

# Sizes in the units of the drawing.
_BAR: Final = 5
_HEIGHT: Final = 120

# A wait of nothing is still a bar that can be seen.
_LEAST: Final = 2

_AT_ONCE, _SOON, _NEVER, _IMPOSSIBLE = "#2a9d5c", "#e0a02e", "#c8453b", "#c9c9c9"

_LEGEND: Final = (
    (_AT_ONCE, "within 50 ms"),
    (_SOON, "within 300 ms"),
    (_NEVER, "not before the next key, or after 300 ms"),
    (_IMPOSSIBLE, "wrong letters: nothing can be right"),
)


def drawn(runs: Sequence[tuple[str, Timeline]]) -> str:
    """The drawing of some runs, one above the other, each with its title."""
    rows = [_row(title, waited(timeline), at) for at, (title, timeline) in enumerate(runs)]
    keys = max((len(waited(timeline)) for _title, timeline in runs), default=0)
    width = 2 * MARGIN + _BAR * keys
    height = len(rows) * (_HEIGHT + 2 * MARGIN) + MARGIN
    return sheet(width, height, rows, _LEGEND)


def _row(title: str, keys: Sequence[Waited], at: int) -> str:
    top = at * (_HEIGHT + 2 * MARGIN) + MARGIN
    bars = [_bar(key, MARGIN + number * _BAR, top) for number, key in enumerate(keys)]
    head = f'<text x="{MARGIN}" y="{top - 10}" font-weight="bold">{escape(title)}</text>'
    scale = [
        f'<text x="4" y="{top + _HEIGHT - _rise(wait_s) + 4:.0f}">{wait_s * 1000:.0f} ms</text>'
        for wait_s in (0.0, FAST_S, SLOW_S)
    ]
    return "\n".join([head, *scale, *bars])


def _bar(key: Waited, left: int, top: int) -> str:
    rise = max(_LEAST, _HEIGHT if key.seen_s is None else _rise(key.seen_s))
    rise = rise if key.can_be else _HEIGHT
    return (
        f'<rect x="{left}" y="{top + _HEIGHT - rise:.1f}" width="{_BAR - 1}" height="{rise:.1f}"'
        f' fill="{_color(key)}"/>'
    )


def _rise(wait_s: float) -> float:
    return _HEIGHT * min(wait_s, SLOW_S) / SLOW_S


def _color(key: Waited) -> str:
    if not key.can_be:
        return _IMPOSSIBLE
    if key.seen_s is None:
        return _NEVER
    return _AT_ONCE if key.seen_s <= FAST_S else _SOON

"""The shares of names that the model sees, drawn as an SVG file: a group of bars for each package.

Pure.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from fimls.evaluation.context import TARGET_PERCENT, Shown
from fimls.evaluation.drawing import MARGIN, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.context import Package

# Sizes in the units of the drawing.
_BAR: Final = 16
_GAP: Final = 24
_HEIGHT: Final = 200

_COLORS: Final = {
    Shown.WINDOW: "#c9c9c9",
    Shown.SIMILAR: "#e0a02e",
    Shown.MAP: "#3a7ca5",
    Shown.ALL: "#2a9d5c",
}


def drawn(packages: Sequence[Package]) -> str:
    """The drawing: percent of the missing names that are shown with their signature."""
    group = len(Shown) * _BAR + _GAP
    width = 2 * MARGIN + max(group * len(packages), 400)
    height = _HEIGHT + 3 * MARGIN
    groups = [_group(each, MARGIN + at * group) for at, each in enumerate(packages)]
    lines = [_line(percent, width) for percent in (0, TARGET_PERCENT, 100)]
    legend = [(color, shown.value) for shown, color in _COLORS.items()]
    return sheet(width, height, [*lines, *groups], legend)


def _group(package: Package, left: int) -> str:
    bars = [
        _bar(package.tally(shown).signed.percent, left + at * _BAR, _COLORS[shown])
        for at, shown in enumerate(Shown)
    ]
    name = f'<text x="{left}" y="{MARGIN + _HEIGHT + 16}">{escape(package.name)}</text>'
    language = f'<text x="{left}" y="{MARGIN + _HEIGHT + 30}">{escape(package.language)}</text>'
    return "\n".join([*bars, name, language])


def _bar(percent: float, left: int, color: str) -> str:
    rise = _HEIGHT * percent / 100
    top = MARGIN + _HEIGHT - rise
    return f'<rect x="{left}" y="{top:.1f}" width="{_BAR - 2}" height="{rise:.1f}" fill="{color}"/>'


def _line(percent: float, width: int) -> str:
    level = MARGIN + _HEIGHT - _HEIGHT * percent / 100
    return (
        f'<line x1="{MARGIN}" x2="{width - MARGIN}" y1="{level:g}" y2="{level:g}"'
        f' stroke="#888"/><text x="4" y="{level + 4:g}">{percent:g} %</text>'
    )

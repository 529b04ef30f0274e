"""The shares of names that the model sees, drawn as an SVG file: a group of bars for each package.

Pure.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from fimls.evaluation.context import TARGET_PERCENT, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.context import Package

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_FONT: Final = 'font-family="sans-serif" font-size="11"'

# Sizes in the units of the drawing.
_BAR: Final = 16
_GAP: Final = 24
_HEIGHT: Final = 200
_MARGIN: Final = 40

_COLORS: Final = {
    Shown.WINDOW: "#c9c9c9",
    Shown.SIMILAR: "#e0a02e",
    Shown.MAP: "#3a7ca5",
    Shown.ALL: "#2a9d5c",
}


def drawn(packages: Sequence[Package]) -> str:
    """The drawing: percent of the missing names that are shown with their signature."""
    group = len(Shown) * _BAR + _GAP
    width = 2 * _MARGIN + max(group * len(packages), 400)
    height = _HEIGHT + 3 * _MARGIN
    groups = [_group(each, _MARGIN + at * group) for at, each in enumerate(packages)]
    return "\n".join(
        [
            f'<svg xmlns="{_NAMESPACE}" viewBox="0 0 {width} {height}" {_FONT}>',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *(_line(percent, width) for percent in (0, TARGET_PERCENT, 100)),
            *groups,
            _legend(height - _MARGIN // 2),
            "</svg>",
            "",
        ]
    )


def _group(package: Package, left: int) -> str:
    bars = [
        _bar(package.tally(shown).signed.percent, left + at * _BAR, _COLORS[shown])
        for at, shown in enumerate(Shown)
    ]
    name = f'<text x="{left}" y="{_MARGIN + _HEIGHT + 16}">{escape(package.name)}</text>'
    language = f'<text x="{left}" y="{_MARGIN + _HEIGHT + 30}">{escape(package.language)}</text>'
    return "\n".join([*bars, name, language])


def _bar(percent: float, left: int, color: str) -> str:
    rise = _HEIGHT * percent / 100
    top = _MARGIN + _HEIGHT - rise
    return f'<rect x="{left}" y="{top:.1f}" width="{_BAR - 2}" height="{rise:.1f}" fill="{color}"/>'


def _line(percent: float, width: int) -> str:
    level = _MARGIN + _HEIGHT - _HEIGHT * percent / 100
    return (
        f'<line x1="{_MARGIN}" x2="{width - _MARGIN}" y1="{level:g}" y2="{level:g}"'
        f' stroke="#888"/><text x="4" y="{level + 4:g}">{percent:g} %</text>'
    )


def _legend(top: int) -> str:
    parts, left = [], _MARGIN
    for shown, color in _COLORS.items():
        parts.append(f'<rect x="{left}" y="{top - 9}" width="10" height="10" fill="{color}"/>')
        parts.append(f'<text x="{left + 14}" y="{top}">{escape(shown)}</text>')
        left += 30 + 7 * len(shown)
    return "\n".join(parts)

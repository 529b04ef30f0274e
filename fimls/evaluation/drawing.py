"""What the drawings of evaluations have in common: the sheet of an SVG file, and its legend.

Pure.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MARGIN: Final = 40
"""Around what is drawn, in the units of the drawing."""

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_FONT: Final = 'font-family="sans-serif" font-size="11"'

# A letter of that font is about as wide; a square and the gaps around it come to it.
_LETTER: Final = 6
_SQUARE: Final = 30


def sheet(width: int, height: int, parts: Iterable[str], legend: Iterable[tuple[str, str]]) -> str:
    """The whole file: the parts on white, and at the bottom what the colours mean."""
    return "\n".join(
        [
            f'<svg xmlns="{_NAMESPACE}" viewBox="0 0 {width} {height}" {_FONT}>',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *parts,
            _legend(legend, height - MARGIN // 2),
            "</svg>",
            "",
        ]
    )


def _legend(meanings: Iterable[tuple[str, str]], top: int) -> str:
    parts, left = [], MARGIN
    for color, says in meanings:
        parts.append(f'<rect x="{left}" y="{top - 9}" width="10" height="10" fill="{color}"/>')
        parts.append(f'<text x="{left + 14}" y="{top}">{escape(says)}</text>')
        left += _SQUARE + _LETTER * len(says)
    return "\n".join(parts)

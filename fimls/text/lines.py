"""Line ends: LF, CRLF and CR, as the language server protocol has them, and nothing else.

`str.splitlines` also splits at U+2028, U+0085, form feed and the like; an editor does not, and a
server that does drifts away from it with the first edit.
"""

from __future__ import annotations

from io import StringIO
from typing import Final

LF: Final = "\n"
CRLF: Final = "\r\n"
CR: Final = "\r"


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends; joined, they are the text again.

    As with `str.splitlines`, there is no empty line after the last end, and none in "".
    """
    # With newline="", a StringIO ends lines at exactly the three, and leaves them as they are.
    return StringIO(text, newline="").readlines()


def to_lf(text: str) -> str:
    """The text with every line end written as LF."""
    if CR not in text:
        return text
    return text.replace(CRLF, LF).replace(CR, LF)


def from_lf(text: str, eol: str) -> str:
    """A text whose line ends are LF, with every one written as `eol`."""
    return text if eol == LF else text.replace(LF, eol)


def dominant_eol(text: str) -> str:
    """The line end that occurs most often in a text; LF where there is none, or in a draw."""
    if CR not in text:
        return LF
    pairs = text.count(CRLF)
    counts = {LF: text.count(LF) - pairs, CRLF: pairs, CR: text.count(CR) - pairs}
    return max(counts, key=lambda eol: counts[eol])

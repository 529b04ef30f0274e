"""Recently edited regions: what somebody has just changed, the next change often goes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.context.secrets import clear
from fimls.context.similar import Excerpt
from fimls.context.window import in_key_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.text.positions import LineIndex

# Lines that are shown of a region, and regions of which something is shown.
_MOST_LINES: Final = 8
_MOST_REGIONS: Final = 4

# A line alone says little; so many above and below are shown with it, where there is room.
_AROUND_LINES: Final = 2

# What is a secret may be told only by lines above it, as by the name of what it is assigned to.
_TELLING_LINES: Final = 60

_KEY_BLOCK: Final = "-----BEGIN "


@dataclass(frozen=True, slots=True)
class Edited:
    """A region that was edited: whole lines of a file as they are now.

    `first_line` is 0-based; the caller keeps them, the last edited one first.
    """

    path: str
    first_line: int
    text: str


def edited(path: str, text: str, lines: LineIndex, top: int, bottom: int) -> Edited:
    """The lines of a text that were edited, with a little around them, cleared of secrets.

    `lines` is the index of the text, `top` and `bottom` the first and the last line.  It is cleared
    here, since lines by themselves do not always tell that there is a secret in them.
    """
    end_line = lines.count - 1
    top, bottom = min(top, end_line), min(bottom, top + _MOST_LINES - 1, end_line)
    around = min(_AROUND_LINES, (_MOST_LINES - 1 - bottom + top) // 2)
    first, last = max(0, top - around), min(end_line, bottom + around)
    begin = lines.line_start(max(0, first - _TELLING_LINES))
    if in_key_block(text, begin):
        begin = text.rfind(_KEY_BLOCK, 0, begin)
    end = lines.line_start(last) + len(lines.line(last))
    shown = clear(text[begin:end]).split("\n")[-(last - first + 1) :]
    return Edited(path, first, "\n".join(shown))


def recently_edited(path: str, recent: Sequence[Edited]) -> tuple[Excerpt, ...]:
    """The regions of other files than `path`, one of each file, the last edited one first."""
    latest: dict[str, Edited] = {}
    for each in recent:
        if each.path != path and each.text.strip():
            latest.setdefault(each.path, each)
    return tuple(_excerpt(each) for each in list(latest.values())[:_MOST_REGIONS])


def _excerpt(edited: Edited) -> Excerpt:
    lines = edited.text.strip("\n").split("\n")[:_MOST_LINES]
    return Excerpt(edited.path, "recent", "edited lately", "\n".join(lines).rstrip)

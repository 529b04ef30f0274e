"""Recently edited regions: what somebody has just changed, the next change often goes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.context.similar import Excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

# Lines that are shown of a region, and regions of which something is shown.
_MOST_LINES: Final = 8
_MOST_REGIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Edited:
    """A region that was edited: whole lines of a file as they are now.

    `first_line` is 0-based; the caller keeps them, the last edited one first.
    """

    path: str
    first_line: int
    text: str


def recently_edited(path: str, recent: Sequence[Edited]) -> tuple[Excerpt, ...]:
    """The regions of other files than `path`, one of each file, the last edited one first."""
    latest: dict[str, Edited] = {}
    for each in recent:
        if each.path != path and each.text.strip():
            latest.setdefault(each.path, each)
    return tuple(_excerpt(each) for each in list(latest.values())[:_MOST_REGIONS])


def _excerpt(edited: Edited) -> Excerpt:
    lines = edited.text.strip("\n").split("\n")[:_MOST_LINES]
    text = "\n".join(lines).rstrip()
    return Excerpt(edited.path, edited.first_line, text, "edited lately", kind="recent")

"""Who watches an action: told in a few words where it stands, and of the text as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.actions.repairing import MOST_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable


def _ignore(_words: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Watcher:
    """Told of progress in words for a progress bar, and of the whole text so far."""

    on_progress: Callable[[str], None] = _ignore
    on_text: Callable[[str], None] = _ignore

    def asks(self, number: int) -> None:
        """The model is being asked, the first time or again."""
        if number == 1:
            self.on_progress("Waiting for the model")
        else:
            self.on_progress(f"Repairing ({number - 1} of {MOST_ATTEMPTS - 1})")

    def hears(self, text: str) -> None:
        """So much has been said."""
        if text:
            lines = text.rstrip("\n").count("\n") + 1
            self.on_progress(f"Writing: {lines} line{'' if lines == 1 else 's'}")
            self.on_text(text)

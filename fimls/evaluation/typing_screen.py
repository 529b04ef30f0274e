"""What an editor has on its screen: suggestions, which it types through while they agree.

Pure, and as VS Code does it: typing through takes no request, deleting clears, an answer to the
newest request replaces what is there.
"""

from __future__ import annotations

from fimls.evaluation.typing_timeline import Sight


class Screen:
    """The suggestion on screen, and all that stood there before."""

    def __init__(self) -> None:
        self.text = ""
        self.sights: list[Sight] = []

    def wrote(self, at_s: float, typed: str, added: str) -> None:
        """The author has added text, and `typed` is all of it now."""
        goes_on = self.text.startswith(added)
        self._show(at_s, typed, self.text[len(added) :] if goes_on else "", own=False)

    def deleted(self, at_s: float, typed: str) -> None:
        """The author has deleted something."""
        self._show(at_s, typed, "", own=False)

    def answered(self, at_s: float, typed: str, text: str) -> None:
        """The newest request, which was about `typed`, is answered; "" is an empty list."""
        self._show(at_s, typed, text, own=True)

    def _show(self, at_s: float, typed: str, text: str, *, own: bool) -> None:
        self.text = text
        self.sights.append(Sight(at_s, typed, text, own))

"""What is seen while a model works: a word about it on stderr, and an explanation as it grows."""

from __future__ import annotations

import sys
from os.path import commonprefix
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.status import Status


class Screen:
    """Shows progress on a terminal, and where it `streams`, the text on stdout as it comes."""

    def __init__(self, *, streams: bool) -> None:
        self._streams = streams
        self._said = ""
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends the line, so that what a cancelled model has said stays readable."""
        self._stop()
        if self._said and not self._said.endswith("\n"):
            print()

    def progress(self, words: str) -> None:
        """Says what is being done, where somebody may be looking."""
        if self._said or not sys.stderr.isatty():
            return
        if self._status is not None:
            self._status.update(words)
            return
        from rich.console import Console

        self._status = Console(stderr=True).status(words)
        self._status.start()

    def text(self, whole: str) -> None:
        """Prints what has come to the text since it was printed last.

        Where it is not what it was, as when a loop was cut off, that goes on a line of its own.
        """
        if not self._streams or whole == self._said:
            return
        self._stop()
        # Character by character is what is wanted here: these are no paths.
        alike = commonprefix([self._said, whole])  # noqa: RUF071
        ends = len(self._said) - len(self._said.rstrip("\n"))
        border = "" if alike == self._said else "\n" * (2 - ends)
        print(border + whole[len(alike) :], end="", flush=True)
        self._said = whole

    def _stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

"""The hole: a place in a text where a middle is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fimls.text.line_bounds import line_end, line_start

if TYPE_CHECKING:
    from fimls.text.languages import Language
    from fimls.text.seam import Seam


@dataclass(frozen=True)
class Hole:
    """A place in a text where a middle is wanted.

    `text` has LF line ends only; `offset` counts code points in it, and the hole is before the
    character there.  `preamble` is text that belongs before the text without being in it: the
    cells of a notebook above the present one (LF line ends, ends with LF where not empty).
    `path` names the text for people and for the model (relative where it can be, "" for none).
    `seam` may be a text in parts; it says nothing of a hole whose text is another one.
    """

    text: str
    offset: int
    language: Language
    path: str = ""
    preamble: str = ""
    seam: Seam | None = field(default=None, repr=False, compare=False)

    def after(self, typed: str) -> Hole:
        """The hole after a text, as if that had been typed here."""
        return self._spliced(self.offset, typed)

    def before(self, typed: str) -> Hole:
        """The hole before a text, as if that, which stands before it, had not been typed."""
        return self._spliced(self.offset - len(typed), "")

    def _spliced(self, start: int, new: str) -> Hole:
        """The hole with other text before it, from `start` on."""
        offset = start + len(new)
        if self.seam is None or self.seam.text is not self.text:
            text = self.text[:start] + new + self.text[self.offset :]
            return replace(self, text=text, offset=offset)
        # Both ends stay the very strings that they are: they need not be copied to be joined anew.
        seam = self.seam.spliced(start, self.offset, new)
        return replace(self, text=seam.text, offset=offset, seam=seam)

    @cached_property
    def prefix(self) -> str:
        """The text before the hole, without the preamble."""
        return self.text[: self.offset]

    @cached_property
    def suffix(self) -> str:
        """The text after the hole."""
        return self.text[self.offset :]

    @cached_property
    def line_start(self) -> int:
        """The offset at which the hole's line begins."""
        return line_start(self.text, self.offset)

    @cached_property
    def line_end(self) -> int:
        """The offset of the LF that ends the hole's line, or of the end of the text."""
        return line_end(self.text, self.offset)

    @cached_property
    def line_before(self) -> str:
        """What stands on the hole's line before it."""
        return self.text[self.line_start : self.offset]

    @cached_property
    def line_after(self) -> str:
        """What stands on the hole's line after it."""
        return self.text[self.offset : self.line_end]

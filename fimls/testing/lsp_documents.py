"""The open documents of an editor, as a language server's client keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fimls.text.lines import to_lf
from fimls.text.positions import Encoding, LineIndex, Position

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class OpenDocument:
    """A document with its own line ends; offsets count code points of `text`."""

    uri: str
    language_id: str
    text: str
    version: int = 1
    encoding: Encoding = Encoding.UTF16
    past: list[str] = field(default_factory=list)
    """The texts before the edits of the server: each is one step of undoing."""

    @property
    def item(self) -> dict[str, object]:
        """What `didOpen` sends."""
        return {
            "uri": self.uri,
            "languageId": self.language_id,
            "version": self.version,
            "text": self.text,
        }

    @property
    def versioned(self) -> dict[str, object]:
        """Its identifier with its version."""
        return {"uri": self.uri, "version": self.version}

    def position(self, offset: int) -> dict[str, int]:
        """The position of an offset in the protocol's form."""
        before = to_lf(self.text[:offset])
        at = LineIndex(before).position(len(before), self.encoding)
        return {"line": at.line, "character": at.character}

    def range(self, start: int, end: int) -> dict[str, dict[str, int]]:
        """The range between two offsets in the protocol's form."""
        return {"start": self.position(start), "end": self.position(end)}

    def offset(self, position: dict[str, int]) -> int:
        """The offset of a position."""
        index = LineIndex(to_lf(self.text))
        at = index.offset(Position(position["line"], position["character"]), self.encoding)
        return _with_own_line_ends(self.text, at)

    def replace(self, start: int, end: int, text: str) -> dict[str, Any]:
        """Replaces text and counts the version; the change in the protocol's form."""
        between = self.range(start, end)
        self.text = self.text[:start] + text + self.text[end:]
        self.version += 1
        return {"range": between, "text": text}

    def edit(self, edits: Sequence[dict[str, Any]]) -> None:
        """Makes the text edits of the server, which all mean the present text."""
        found = [
            (self.offset(each["range"]["start"]), self.offset(each["range"]["end"]), at)
            for at, each in enumerate(edits)
        ]
        self.past.append(self.text)
        # From the end on, so that no edit moves the place of another.
        for start, end, at in sorted(found, reverse=True):
            self.text = self.text[:start] + edits[at]["newText"] + self.text[end:]
        self.version += 1


def _with_own_line_ends(text: str, offset: int) -> int:
    """The offset in a text of an offset in the same text with LF only."""
    at = 0
    for _character in range(offset):
        at += 2 if text.startswith("\r\n", at) else 1
    return at

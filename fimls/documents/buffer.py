"""An open document: its raw text, kept in step with the editor edit by edit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.documents.snapshot import LastTree, Snapshot
from fimls.text.encodable import is_encodable
from fimls.text.line_starts import LineStarts
from fimls.text.lines import CR, CRLF, split_lines
from fimls.text.positions import column
from fimls.text.seam import Seam

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.text.languages import Language
    from fimls.text.positions import Encoding, Position, Range


class Buffer:
    """A document's raw text as a list of lines with their own ends.

    Every line but the last has an end, and the last has none.  An edit splits only the lines
    that it touches anew: its cost does not grow with the text, but for moving list items.
    """

    _lines: list[str]
    _starts: LineStarts
    _source: str | None
    _seam: Seam | None

    def __init__(
        self,
        uri: str,
        language: Language,
        version: int,
        text: str,
        busy_s: Callable[[], float] | None = None,
    ) -> None:
        self.uri = uri
        self.language = language
        self.version = version
        self._replace(text)
        self._last_tree = LastTree() if busy_s is None else LastTree(busy_s)

    def close(self) -> None:
        """Lets go of the tree, where a loop runs in a turn of its own.

        To free that of 20,000 lines takes 10 ms, and the lines another 4.
        """
        try:
            asyncio.get_running_loop().call_soon([self._last_tree].clear)
        except RuntimeError:
            return

    @property
    def source(self) -> str:
        """The whole raw text."""
        if self._source is None:
            self._source = "".join(self._lines)
        return self._source

    def snapshot(self, path: str, preamble: str = "") -> Snapshot:
        """The document as it is now."""
        return Snapshot(
            self.uri,
            self.version,
            self.language,
            path,
            self.source,
            preamble,
            self._last_tree,
            self._starts,
            self._seam,
        )

    def change(self, span: Range | None, text: str, encoding: Encoding) -> None:
        """Puts `text` where `span` is, or in place of everything.

        Positions beyond a line or the text mean that one's end, and a span given backwards
        means the same as forwards, as in the protocol's own reference implementation.
        """
        if span is None:
            self._replace(text)
            return
        first, before = self._locate(min(span.start, span.end), encoding)
        last, after = self._locate(max(span.start, span.end), encoding)
        self._splice((first, before), (last, after), text)
        touched = self._lines[first][:before] + text + self._lines[last][after:]
        # A CR that ends the line above and an LF that now follows it are one line end.
        if touched.startswith("\n") and first > 0 and self._lines[first - 1].endswith("\r"):
            first -= 1
            touched = self._lines[first] + touched
        at_end = last == len(self._lines) - 1
        fresh = _lines(touched) if at_end else split_lines(touched)
        self._lines[first : last + 1] = fresh
        self._starts = self._starts.spliced(first, last + 1, _sizes(fresh, at_end=at_end))

    def _splice(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Makes the whole text anew; not yet where it is easier made of the lines.

        To join 20,000 lines takes four times as long, as they lie all over the memory.  With CR the
        lines do not begin in the raw text where they do with LF.
        """
        seam, self._seam, self._source = self._seam, None, None
        if seam is None or not _is_plain(text):
            return
        first, last = (self._starts.start(line) + column for line, column in (start, end))
        self._seam = seam.spliced(first, last, text)
        self._source = self._seam.text

    def _replace(self, text: str) -> None:
        self._source = text
        self._seam = Seam(text) if _is_plain(text) else None
        self._lines = _lines(text)
        self._starts = LineStarts(_sizes(self._lines, at_end=True))

    def _locate(self, position: Position, encoding: Encoding) -> tuple[int, int]:
        """The line of a position, and the code points before it there."""
        if position.line < 0:
            return 0, 0
        if position.line >= len(self._lines):
            return len(self._lines) - 1, len(self._lines[-1])
        visible = self._lines[position.line].rstrip("\r\n")
        return position.line, column(visible, position.character, encoding)


def _is_plain(text: str) -> bool:
    """Whether the raw text is what is worked on: no line end but LF, and nothing to be replaced."""
    return CR not in text and "\0" not in text and is_encodable(text)


def _lines(text: str) -> list[str]:
    """The lines with their ends, and a last one without: "" where the text ends with an end."""
    lines = split_lines(text)
    if not lines or lines[-1].endswith(("\r", "\n")):
        lines.append("")
    return lines


def _sizes(lines: list[str], *, at_end: bool) -> list[int]:
    """How long the lines are with LF at their ends; the last one of a text is given one, too."""
    sizes = [len(line) - line.endswith(CRLF) for line in lines]
    if at_end:
        sizes[-1] += 1
    return sizes

"""Pictures: a text with marks for the cursor, for what is inserted there, and for what goes.

`█` is the cursor, `├…┤` is text inserted at the cursor (each `█` in it is a border between two
streamed chunks), and `╣` is the end of what is replaced after the cursor.  The marks occur in no
programming language.
"""

from __future__ import annotations

from dataclasses import dataclass
from os.path import commonprefix
from typing import Final

from fimls.text.indentation import indentation

CURSOR: Final = "█"
OPEN: Final = "├"
CLOSE: Final = "┤"
REPLACED: Final = "╣"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows; all numbers count code points.

    `text` is the document without the insertion, `offset` the place of the cursor in it,
    `inserted` the text between `├` and `┤` without chunk borders ("" for a mere cursor), `chunks`
    its parts (none where it is empty), and `replaces` the length of what is replaced after the
    cursor.  `is_cursor` tells `█` from `├┤`.
    """

    text: str
    offset: int
    inserted: str = ""
    chunks: tuple[str, ...] = ()
    replaces: int = 0
    is_cursor: bool = True

    @property
    def prefix(self) -> str:
        """The document before the cursor."""
        return self.text[: self.offset]

    @property
    def suffix(self) -> str:
        """The document after the cursor."""
        return self.text[self.offset :]

    @property
    def result(self) -> str:
        """The document with the insertion made, and without what it replaces."""
        return self.prefix + self.inserted + self.text[self.offset + self.replaces :]

    def __str__(self) -> str:
        if self.is_cursor:
            return picture(self.text, self.offset, None, self.replaces)
        return picture(self.text, self.offset, CURSOR.join(self.chunks), self.replaces)


def marked(text: str) -> Picture:
    """Reads a picture.

    An LF at the very beginning is dropped, so that a picture may start on the line after its
    quotes, and the indentation that all lines share is taken away.  Raises `ValueError`, which
    shows the picture, unless there is exactly one `█` or one `├…┤`, and at most one `╣` after it.
    """
    drawn = _dedent(text.removeprefix("\n"))
    is_cursor = OPEN not in drawn and CLOSE not in drawn
    before, inside, after = (_around_cursor if is_cursor else _around_insertion)(drawn)
    replaced, mark, rest = after.partition(REPLACED)
    if REPLACED in before + inside + rest:
        raise _wrong(drawn, f"at most one {REPLACED}, after the cursor")
    chunks = tuple(inside.split(CURSOR)) if inside else ()
    return Picture(
        text=before + replaced + rest,
        offset=len(before),
        inserted="".join(chunks),
        chunks=chunks,
        replaces=len(replaced) if mark else 0,
        is_cursor=is_cursor,
    )


def picture(text: str, offset: int, inserted: str | None = None, replaces: int = 0) -> str:
    """Draws a picture: the cursor alone where `inserted` is None."""
    mark = CURSOR if inserted is None else OPEN + inserted + CLOSE
    end = offset + replaces
    replaced = text[offset:end] + REPLACED if replaces else ""
    return text[:offset] + mark + replaced + text[end:]


def _around_insertion(drawn: str) -> tuple[str, str, str]:
    before, _, rest = drawn.partition(OPEN)
    inside, close, after = rest.partition(CLOSE)
    if not close or drawn.count(OPEN) + drawn.count(CLOSE) > len(OPEN + CLOSE):
        raise _wrong(drawn, f"exactly one {OPEN} and one {CLOSE} after it")
    if CURSOR in before + after:
        raise _wrong(drawn, f"no {CURSOR} outside of {OPEN}…{CLOSE}")
    return before, inside, after


def _around_cursor(drawn: str) -> tuple[str, str, str]:
    if drawn.count(CURSOR) != 1:
        raise _wrong(drawn, f"exactly one {CURSOR}, or one {OPEN}…{CLOSE}")
    before, _, after = drawn.partition(CURSOR)
    return before, "", after


def _wrong(drawn: str, wanted: str) -> ValueError:
    return ValueError(f"a picture has {wanted}; this is not so in:\n{drawn}")


def _dedent(text: str) -> str:
    """The text without the blanks that all its lines begin with; lines of blanks do not count."""
    lines = text.split("\n")
    # Character by character is what is wanted here: these are blanks, not paths.
    margin = commonprefix([indentation(line) for line in lines if line.strip()])  # noqa: RUF071
    return "\n".join(_without(line, margin) for line in lines)


def _without(line: str, margin: str) -> str:
    # Only a line of blanks can fail to begin with the margin.
    return line[len(margin) :] if line.startswith(margin) else line.lstrip(" \t")

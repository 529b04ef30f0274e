"""A worker: reads files and says what they hold (`python -m fimls.repository.worker`).

A row on standard input is `file, folder, path, digest` or `text, language, text`; the answer is a
row on standard output, in the same order.  The worker ends with its input, so it dies with its
parent, and it leaves the processor to whatever else wants it.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from fimls.repository.content import Content, content_of, digest_of
from fimls.repository.fitness import MOST_BYTES, fit_text
from fimls.repository.frames import packed, row_from
from fimls.text.languages import language_of
from fimls.text.lines import to_lf

if TYPE_CHECKING:
    from fimls.text.language import Language

FILE: Final = b"file"
"""Read a file: the folder, the path in it, and the digest that it had when it was last read."""

TEXT: Final = b"text"
"""Read this text: the language's id, and the text."""

READ: Final = b"read"
"""An answer with a content: size, time of change (ns), and the content's fields."""

SAME: Final = b"same"
"""The answer for a file with the digest it had: size and time of change (ns)."""

UNFIT: Final = b"unfit"
"""The answer for what is not to be indexed, or is not there: size and time of change (ns)."""

# Whatever else wants the processor gets ten times as much of it.  At 19, the most there is, a
# machine that is busy with something else never comes to the end of an index.
_NICENESS: Final = 10


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file has not changed: its size, and when it was written (ns)."""

    size: int
    changed_ns: int

    def fields(self) -> tuple[bytes, bytes]:
        """As fields of a row."""
        return str(self.size).encode(), str(self.changed_ns).encode()


NOWHERE: Final = Stamp(-1, -1)
"""The stamp of what is not there."""


def answer(row: list[bytes]) -> bytes:
    """The answer to one row."""
    kind, *fields = row
    if kind == TEXT:
        language, text = language_of(fields[0].decode()), to_lf(fields[1].decode(errors="replace"))
        digest = digest_of(fields[1], language)
        return _packed(NOWHERE, content_of(text, digest, language))
    folder, path, known = fields
    return _file(os.fsdecode(folder), os.fsdecode(path), known)


def contained(folder: str, path: str) -> Path | None:
    """Where a file is, if no link leads out of the folder on the way to it."""
    root = os.path.realpath(folder)
    whole = os.path.realpath(Path(root, path))
    is_inside = whole.startswith(root.rstrip(os.sep) + os.sep)
    return Path(whole) if is_inside and whole == os.path.normpath(Path(root, path)) else None


def _file(folder: str, path: str, known: bytes) -> bytes:
    try:
        stamp, source = _read(folder, path)
    except (OSError, ValueError):
        return packed((UNFIT, *NOWHERE.fields()))
    language = language_of("", path)
    if source is None:
        return packed((UNFIT, *stamp.fields()))
    digest = digest_of(source, language)
    if digest == known:
        return packed((SAME, *stamp.fields()))
    text = fit_text(source)
    if text is None:
        return packed((UNFIT, *stamp.fields()))
    return _packed(stamp, _content(text, digest, language))


def _content(text: str, digest: bytes, language: Language) -> Content:
    try:
        return content_of(text, digest, language)
    except (RecursionError, MemoryError):
        return content_of("", digest, language)


def _read(folder: str, path: str) -> tuple[Stamp, bytes | None]:
    """A file's stamp and bytes; no bytes where it is no file, or too large."""
    whole = contained(folder, path)
    if whole is None:
        return NOWHERE, None
    # A pipe or a device is not to be opened at all: that would wait for its other end.
    if not stat.S_ISREG(whole.lstat().st_mode):
        return NOWHERE, None
    with whole.open("rb") as file:
        about = os.fstat(file.fileno())
        stamp = Stamp(about.st_size, about.st_mtime_ns)
        if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
            return stamp, None
        return stamp, file.read(MOST_BYTES + 1)


def _packed(stamp: Stamp, content: Content) -> bytes:
    names = content.defined.encode(), content.used.encode()
    return packed((READ, *stamp.fields(), content.digest, *names, content.facts, content.text))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answers row by row, until the input ends."""
    while (row := row_from(source)) is not None:
        sink.write(answer(row))
        sink.flush()


def main() -> None:
    """Works for the server that has started this process."""
    with suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    # Whatever else prints must not come between the rows.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, sink)
    # Nothing is left to be written, and the pipe may be gone.
    os._exit(0)


if __name__ == "__main__":
    main()

"""A worker: reads files and says what they hold (`python -m fimls.repository.worker`).

A row on standard input is a batch of questions, each a row in turn: `file, folder, path, digest`,
`text, language, text` or `invert, store`.  The answers are one row on standard output, in the same
order.  The worker ends with its input, so it dies with its parent, and it leaves the processor to
whatever else wants it.
"""

from __future__ import annotations

import gc
import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from fimls.repository.content import Content, content_of, digest_of
from fimls.repository.fitness import MOST_BYTES, fit_text
from fimls.repository.frames import body_of, fields_of, packed, row_from
from fimls.text.languages import language_of
from fimls.text.lines import to_lf

if TYPE_CHECKING:
    from fimls.text.language import Language

FILE: Final = b"file"
"""Read a file: the folder, the path in it, and the digest that it had when it was last read."""

TEXT: Final = b"text"
"""Read this text: the language's id, and the text."""

INVERT: Final = b"invert"
"""Put the names in a store in order for the next start: the path of the database."""

READ: Final = b"read"
"""An answer with a content: size, time of change (ns), and the content's fields."""

SAME: Final = b"same"
"""The answer for a file with the digest it had: size and time of change (ns)."""

UNFIT: Final = b"unfit"
"""The answer for what is not to be indexed, or is not there: size and time of change (ns)."""

# Whatever else wants the processor gets ten times as much of it.  At 19, the most there is, a
# machine that is busy with something else never comes to the end of an index.
_NICENESS: Final = 10

# Nothing that is made for a file refers to itself, so that hardly anything is found by looking for
# what does: at each 700 objects that took a sixth of the time.
_OBJECTS_BETWEEN_LOOKS: Final = 100_000

# Of a link nothing is opened, where the system can be told so.
_READ_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


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


def answers(batch: list[bytes]) -> bytes:
    """The answers to a batch."""
    # What is known of links holds for this batch only.
    _is_real.cache_clear()
    return packed([answer(fields_of(row)) for row in batch])


def answer(row: list[bytes]) -> bytes:
    """The answer to one question, as the body of a row."""
    kind, *fields = row
    if kind == TEXT and len(fields[1]) > MOST_BYTES:
        return body_of((UNFIT, *NOWHERE.fields()))
    if kind == TEXT:
        language, text = language_of(fields[0].decode()), to_lf(fields[1].decode(errors="replace"))
        digest = digest_of(fields[1], language)
        return _packed(NOWHERE, content_of(text, digest, language))
    if kind == INVERT:
        return _inverted(Path(os.fsdecode(fields[0])))
    folder, path, known = fields
    return _file(os.fsdecode(folder), os.fsdecode(path), known)


def _inverted(store: Path) -> bytes:
    # Who only reads files has no database.
    from fimls.repository.inversion import invert

    invert(store)
    return body_of((SAME, *NOWHERE.fields()))


def contained(folder: str, path: str) -> str | None:
    """Where a file is, if it is in the folder and its own folder is reached without any link."""
    whole = os.path.normpath(os.path.join(folder, path))  # noqa: PTH118  Of paths there are many.
    is_inside = whole.startswith(folder.rstrip(os.sep) + os.sep)
    return whole if is_inside and _is_real(os.path.dirname(whole)) else None  # noqa: PTH120


@cache
def _is_real(folder: str) -> bool:
    return os.path.realpath(folder) == folder


def _file(folder: str, path: str, known: bytes) -> bytes:
    try:
        stamp, source = _read(folder, path)
    except (OSError, ValueError):
        return body_of((UNFIT, *NOWHERE.fields()))
    language = language_of("", path)
    if source is None:
        return body_of((UNFIT, *stamp.fields()))
    digest = digest_of(source, language)
    if digest == known:
        return body_of((SAME, *stamp.fields()))
    text = fit_text(source)
    if text is None:
        return body_of((UNFIT, *stamp.fields()))
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
    if not stat.S_ISREG(os.lstat(whole).st_mode):
        return NOWHERE, None
    opened = os.open(whole, _READ_FLAGS)
    try:
        about = os.fstat(opened)
        stamp = Stamp(about.st_size, about.st_mtime_ns)
        if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
            return stamp, None
        return stamp, os.read(opened, MOST_BYTES + 1)
    finally:
        os.close(opened)


def _packed(stamp: Stamp, content: Content) -> bytes:
    names = content.defined.encode(), content.used.encode()
    return body_of((READ, *stamp.fields(), content.digest, *names, content.facts, content.text))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answers batch by batch, until the input ends."""
    while (batch := row_from(source)) is not None:
        sink.write(answers(batch))
        sink.flush()


def main() -> None:
    """Works for the server that has started this process."""
    with suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    # Whatever else prints must not come between the rows.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, sink)
    # Nothing is left to be written, and the pipe may be gone.
    os._exit(0)


if __name__ == "__main__":
    main()

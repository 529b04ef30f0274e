"""Edits of a file: the text that they make, the difference to show, and writing it down."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.cli.place import read
from fimls.errors import InputError
from fimls.text.edits import Edit, apply
from fimls.text.lines import from_lf, split_lines
from fimls.text.positions import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.documents.snapshot import Snapshot

_BOM: Final = b"\xef\xbb\xbf"

# What `diff` and `git` write below a line that has no end.
_NO_END: Final = "\\ No newline at end of file\n"

# By the first characters of a line; the first row that fits counts.
_STYLES: Final = (("+++", "bold"), ("---", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"))


def rewritten(snap: Snapshot, edits: Sequence[Edit]) -> str:
    """The document's own text, line ends and all, with edits whose offsets mean `snap.text`."""
    lines = split_lines(snap.source)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def own(offset: int) -> int:
        place = snap.lines.position(offset, Encoding.UTF32)
        return starts[place.line] + place.character

    return apply(
        snap.source,
        [Edit(own(each.start), own(each.end), from_lf(each.text, snap.eol)) for each in edits],
    )


def difference(before: str, after: str, path: str) -> str:
    """The change as a unified diff that `git apply` and `patch` take."""
    lines = unified_diff(
        split_lines(before), split_lines(after), f"a/{path}", f"b/{path}", lineterm="\n"
    )
    return "".join(line if line.endswith(("\n", "\r")) else f"{line}\n{_NO_END}" for line in lines)


def show(diff: str) -> None:
    """Prints a diff: in colours on a terminal, as it is elsewhere."""
    if not sys.stdout.isatty():
        sys.stdout.write(diff)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in diff.split("\n")[:-1]:
        style = next((style for start, style in _STYLES if line.startswith(start)), "")
        console.print(Text(line.rstrip("\r"), style))


def write(path: Path, before: str, after: str) -> bool:
    """Writes a file that still has the text `before`; False, and nothing is done, where it has not.

    The file is exchanged as a whole, so that nobody ever reads half of it.  Raises `InputError`
    where it cannot be read or written.
    """
    place = path.resolve()
    if read(place, stdin=False) != before:
        return False
    try:
        with place.open("rb") as file:
            mark = _BOM if file.read(len(_BOM)) == _BOM else b""
        _exchange(place, mark + after.encode())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None
    return True


def _exchange(place: Path, content: bytes) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        shutil.copymode(place, beside)
        Path(beside).replace(place)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise

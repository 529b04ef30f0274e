"""Places on the command line: FILE:LINE[:COL], 1-based, and the text that stands there."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from fimls.documents.snapshot import MAX_BYTES, Snapshot
from fimls.errors import InputError

# Python reads no numbers of thousands of digits, and no file has a line of such a number.
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d{1,18})(?::(?P<column>\d{1,18}))?\Z", re.DOTALL)

# Any of these makes a folder a workspace.
_PROJECT_FILES = (
    ".git",
    "pyproject.toml",
    "package.json",
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "Makefile",
    "CMakeLists.txt",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: `line` and `column` are 1-based, no column means the end of the line."""

    path: Path
    line: int
    column: int | None


def place_of(text: str) -> Place:
    """Reads FILE:LINE[:COL]; raises `InputError` for anything else."""
    match = _PLACE.match(text)
    if match is None:
        raise InputError(f"a place is FILE:LINE or FILE:LINE:COL, not {text!r}")
    column = match["column"]
    return Place(Path(match["path"]), int(match["line"]), int(column) if column else None)


def read(path: Path, *, stdin: bool) -> str:
    """The text of a file, or the unsaved text from stdin, with its own line ends.

    Raises `InputError` for a file that is gone, not text, or too large.
    """
    try:
        data = _bytes_of(path, stdin=stdin)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path} is over 2 MB")
    try:
        text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text") from None
    if "\0" in text:
        raise InputError(f"{path} is not text")
    return text


def _bytes_of(path: Path, *, stdin: bool) -> bytes:
    # One byte more than is worked on: enough to tell, and no large file is read into memory.
    if stdin:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def offset_of(place: Place, text: str) -> int:
    """The offset of a place in text with LF line ends; raises `InputError` where it is none."""
    lines = text.split("\n")
    if not 1 <= place.line <= len(lines):
        raise InputError(f"{place.path} has {len(lines)} lines, there is no line {place.line}")
    line = lines[place.line - 1]
    column = len(line) + 1 if place.column is None else place.column
    if not 1 <= column <= len(line) + 1:
        raise InputError(
            f"line {place.line} of {place.path} has {len(line)} characters, "
            f"there is no column {column}"
        )
    return sum(len(each) + 1 for each in lines[: place.line - 1]) + column - 1


def workspace_of(path: Path) -> Path:
    """The nearest folder above a file that looks like a project, or the file's own folder."""
    folder = _whole(path).parent
    for each in (folder, *folder.parents):
        if any((each / name).exists() for name in _PROJECT_FILES):
            return each
    return folder


def snapshot_of(path: Path, source: str, folder: Path) -> Snapshot:
    """A file's text as a document of the project in `folder`."""
    from fimls.text.languages import language_of

    whole, top = _whole(path), _whole(folder)
    shown = whole.relative_to(top) if whole.is_relative_to(top) else whole
    return Snapshot(
        uri=whole.as_uri(),
        version=0,
        language=language_of("", str(whole)),
        path=shown.as_posix(),
        source=source,
    )


def _whole(path: Path) -> Path:
    """The path from the root on; raises `InputError` where there is none.

    A working folder may have been removed, and links may go in a circle.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise InputError(f"{path} cannot be found from here: {error}") from None

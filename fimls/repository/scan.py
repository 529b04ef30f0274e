"""What there is in a folder: the files to index, and the folders to watch; no link is followed."""

from __future__ import annotations

import os
import stat
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.repository.fitness import MOST_BYTES, is_generated_name
from fimls.repository.tags import is_read
from fimls.repository.worker import Stamp
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.repository.ignore import Sieve

# A folder with more than this is no project but a disk; what is nearest to its top is taken.
_MOST_ENTRIES: Final = 1_000_000


@dataclass(slots=True)
class Scan:
    """The files to index with their stamps, and the folders that they may be in.

    `is_whole` is False where there is more than may be read.
    """

    files: dict[str, Stamp] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    is_whole: bool = True


def is_linked(root: str, path: str) -> bool:
    """Whether a link is on the way to a file: what it says belongs elsewhere, and to others."""
    whole = os.path.join(root, path)  # noqa: PTH118
    return os.path.realpath(whole) != os.path.normpath(whole)


def is_wanted(path: str) -> bool:
    """Whether a file of that name would be read, if nothing leaves it out."""
    return is_read(language_of("", path)) and _is_plain(path) and not is_generated_name(path)


def scan(
    folder: str, sieve: Sieve, most_files: int, is_over: Callable[[], bool] = lambda: False
) -> Scan:
    """Looks through a folder, the nearest to its top first, in the order of the names.

    It ends early where it `is_over`: nobody wants to know any more.
    """
    found = Scan()
    waiting = deque([""] if sieve.enters("") else [])
    left = _MOST_ENTRIES
    while waiting and not is_over():
        here = waiting.popleft()
        found.folders.append(here)
        for entry in _entries(folder, here):
            path = f"{here}/{entry.name}" if here else entry.name
            left -= 1
            if _is_folder(entry):
                if _is_plain(path) and sieve.enters(path):
                    waiting.append(path)
                continue
            stamp = _stamp(entry) if is_wanted(path) else None
            if stamp is None or not sieve.admits(path):
                continue
            if len(found.files) >= most_files or left <= 0:
                found.is_whole = False
                return found
            found.files[path] = stamp
    return found


def stamp_of(folder: str, path: str) -> Stamp | None:
    """The stamp of one file; None where there is no such file."""
    try:
        about = Path(folder, path).lstat()
    except (OSError, ValueError):
        return None
    # A link is none: its own size tells nothing, and nobody follows it.
    return Stamp(about.st_size, about.st_mtime_ns) if stat.S_ISREG(about.st_mode) else None


def _entries(folder: str, here: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(Path(folder, here)) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) and not _is_junction(entry)
    except OSError:
        return False


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Windows has links between folders that are none to `is_symlink` (told by Python 3.12)."""
    ask = getattr(entry, "is_junction", None)
    return bool(ask is not None and ask())


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return None if about.st_size > MOST_BYTES else Stamp(about.st_size, about.st_mtime_ns)


def _is_plain(path: str) -> bool:
    """Whether a name is text: what is none cannot be told to an editor either."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True

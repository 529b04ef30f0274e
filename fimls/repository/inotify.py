"""What Linux tells of changes in folders: no processor is used while nothing happens.

Spoken to directly, after `inotify(7)`: the package that wraps it starts a process to find the C
library, and the others bring a watcher of their own with threads.
"""

from __future__ import annotations

import os
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HEAD: Final = struct.Struct("iIII")
_READ_BYTES: Final = 1 << 16

_ATTRIBUTES: Final = 0x4
_CLOSE_WRITE: Final = 0x8
_MOVED: Final = 0x40 | 0x80
_CREATE: Final = 0x100
_DELETE: Final = 0x200
_ONLY_FOLDERS: Final = 0x01000000
_NO_LINKS: Final = 0x02000000
_IS_FOLDER: Final = 0x40000000
_OVERFLOW: Final = 0x4000
_IGNORED: Final = 0x8000

# What was not to be read may be by now, which is an attribute.
_CHANGES: Final = _ATTRIBUTES | _CLOSE_WRITE | _MOVED | _CREATE | _DELETE
_WANTED: Final = _CHANGES | _ONLY_FOLDERS | _NO_LINKS


class Event(NamedTuple):
    """Something has happened to a name in a folder; `name` is None where it may be to any."""

    folder: str
    name: str | None
    is_folder: bool


class Inotify:
    """The watched folders; `watch` raises OSError where there are more than the system allows."""

    def __init__(self) -> None:
        call = _library().inotify_init1
        self.fd: int = _checked(call(os.O_CLOEXEC | os.O_NONBLOCK))
        self._folders: dict[int, str] = {}

    def watch(self, root: str, folders: Iterable[str]) -> bool:
        """Watches these folders (relative to `root`), and no others any more.

        Whether there are some among them that were not watched before, be it under their name.
        """
        fresh: dict[int, str] = {}
        for folder in folders:
            place = os.fsencode(f"{root}/{folder}")
            try:
                fresh[_checked(_library().inotify_add_watch(self.fd, place, _WANTED))] = folder
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                continue
        for number in self._folders.keys() - fresh.keys():
            _library().inotify_rm_watch(self.fd, number)
        are_others = not fresh.keys() <= self._folders.keys()
        self._folders = fresh
        return are_others

    def events(self) -> list[Event]:
        """What has happened since this was last asked for."""
        found: list[Event] = []
        with suppress(BlockingIOError):
            while data := os.read(self.fd, _READ_BYTES):
                found += self._events(data)
        return found

    def close(self) -> None:
        """Ends watching."""
        with suppress(OSError):
            os.close(self.fd)

    def _events(self, data: bytes) -> Iterable[Event]:
        at = 0
        while at + _HEAD.size <= len(data):
            number, mask, _, length = _HEAD.unpack_from(data, at)
            name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
            at += _HEAD.size + length
            if mask & _OVERFLOW:
                yield Event("", None, is_folder=True)
            elif mask & _IGNORED:
                # The folder is gone, and its number may be given to another one.
                self._folders.pop(number, None)
            elif number in self._folders:
                yield Event(self._folders[number], os.fsdecode(name), bool(mask & _IS_FOLDER))


def is_there() -> bool:
    """Whether this system has it."""
    return sys.platform == "linux"


class _Library:
    """The functions of the C library."""

    def __init__(self) -> None:
        import ctypes

        loaded = ctypes.CDLL(None, use_errno=True)
        self.inotify_init1: Callable[[int], int] = loaded.inotify_init1
        self.inotify_add_watch: Callable[[int, bytes, int], int] = loaded.inotify_add_watch
        self.inotify_rm_watch: Callable[[int, int], int] = loaded.inotify_rm_watch


_loaded: list[_Library] = []


def _library() -> _Library:
    if not _loaded:
        _loaded.append(_Library())
    return _loaded[0]


def _checked(result: int) -> int:
    if result >= 0:
        return result
    import ctypes

    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))

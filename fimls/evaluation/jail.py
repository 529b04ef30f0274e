"""Runs one Python program within limits; a script of its own, for `python -I`, that knows no fimls.

`python -I jail.py PROGRAM FOLDER SECONDS [HOME]` runs the file PROGRAM with FOLDER as its home and
present folder, and nothing else in its environment.  With HOME, the home of the user, it has been
given namespaces of its own, and closes them first: HOME is hidden with all that other programs can
be reached by, nothing can be written but 16 MB in FOLDER, and no right is left that root has.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEGABYTE: Final = 1 << 20

# What the largest of HumanEval's tests takes is a tenth of this.
_MEMORY_BYTES: Final = 1024 * _MEGABYTE

# As much as a test may write: in one file, and in all where its folder is a file system.
_FILE_BYTES: Final = 1 * _MEGABYTE
_FOLDER_MEGABYTES: Final = 16

# Where other programs have the sockets that they are spoken to by; no network is needed for these.
_MEETING_PLACES: Final = ("/run", "/tmp")  # noqa: S108

# A test needs no other process and no thread; the interpreter itself counts as one of these.
_PROCESSES: Final = 4
_OPEN_FILES: Final = 64

# The user that owns nothing, on Linux.
_NOBODY: Final = 65534

# mount(2), mount_setattr(2), prctl(2) and capabilities(7), by their numbers in Linux's headers.
_MS_NOSUID_NODEV: Final = 2 | 4
_MS_BIND_ALL: Final = 4096 | 16384
_MOUNT_SETATTR: Final = 442
_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_READ_ONLY: Final = (1).to_bytes(8, sys.byteorder) + bytes(24)
_NO_NEW_PRIVILEGES: Final = 38
_CAPABILITIES: Final = (0x20080522).to_bytes(4, sys.byteorder) + bytes(4)


def main(argv: Sequence[str]) -> None:
    """Closes what can be closed, and becomes the program."""
    program, folder, seconds, *home = argv
    source = Path(program).read_text(encoding="utf-8")
    if home:
        _close(Path(home[0]), Path(folder))
    _limit(int(seconds))
    os.chdir(folder)
    os.environ.clear()
    # Without it `~` would be what the system's list of users says.
    os.environ["HOME"] = folder
    sys.argv = ["solution.py"]
    exec(compile(source, "solution.py", "exec"), {"__name__": "__main__"})  # noqa: S102


def _limit(seconds: int) -> None:
    import resource

    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: _MEMORY_BYTES,
        resource.RLIMIT_FSIZE: _FILE_BYTES,
        resource.RLIMIT_NPROC: _PROCESSES,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            # macOS does not limit memory in this way; what is left holds all the same.
            continue


def _close(home: Path, folder: Path) -> None:
    """Hides the home, makes all but the folder read-only, and gives up every right."""
    if os.getpid() != 1:
        # Outside of a namespace of our own this would change the machine.
        sys.exit("the jail has no namespace of its own")
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, *arguments: object) -> None:
        if getattr(libc, name)(*arguments) != 0:
            sys.exit(f"{name}: {os.strerror(ctypes.get_errno())}")

    def memory(place: Path, size: int, mode: str) -> None:
        options = f"size={size}m,mode={mode}".encode()
        call("mount", b"tmpfs", bytes(place), b"tmpfs", _MS_NOSUID_NODEV, options)

    places = {place.resolve() for place in (home, *map(Path, _MEETING_PLACES)) if place.is_dir()}
    # What is within a hidden place is hidden with it, and cannot be reached any more.
    hidden = {place for place in places if not places.intersection(place.parents)}
    # The interpreter may live in one of them, and is needed on.
    prefixes = {Path(prefix).resolve() for prefix in (sys.base_prefix, sys.prefix)}
    kept = {
        place: os.open(place, os.O_PATH) for place in prefixes if hidden.intersection(place.parents)
    }
    for place in hidden:
        memory(place, 1, "755")
    for place, descriptor in kept.items():
        place.mkdir(parents=True, exist_ok=True)
        opened = f"/proc/self/fd/{descriptor}".encode()
        call("mount", opened, bytes(place), None, _MS_BIND_ALL, None)
        os.close(descriptor)
    folder.mkdir(parents=True, exist_ok=True)
    read_only = (_AT_FDCWD, b"/", _AT_RECURSIVE, _READ_ONLY, len(_READ_ONLY))
    call("syscall", _MOUNT_SETATTR, *read_only)
    memory(folder, _FOLDER_MEGABYTES, "777")
    if Path("/proc/self/uid_map").read_text(encoding="ascii").split()[1:] == _ALL_USERS:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    call("capset", _CAPABILITIES, bytes(24))


# What the map of users says where there is no namespace of users: each is itself.
_ALL_USERS: Final = ["0", "4294967295"]

if __name__ == "__main__":
    main(sys.argv[1:])

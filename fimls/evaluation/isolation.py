"""How much a program can be kept from the machine here, found out by trying.

Linux has namespaces, made by `unshare` of util-linux: root may use them, and where the system lets
them so may anybody, within a namespace of users.  Elsewhere there are limits and a process group.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from fimls import processes
from fimls.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_JAIL: Final = str(Path(__file__).with_name("jail.py"))

# A program that says nothing in this time hangs, or the machine is too busy to measure anything.
_PROBE_S: Final = 20

_MOST_OUTPUT_BYTES: Final = 1 << 20

# Said by the program that tries a way out, where it has found none.
_HELD: Final = "held"

_ALONE: Final = "import socket; assert [name for _, name in socket.if_nameindex()] == ['lo']\n"
_NO_WRITING: Final = """
import os
for place in ("/", "/tmp", "/var/tmp", "/dev/shm"):
    try:
        open(os.path.join(place, "fimls-was-here"), "w")
    except OSError:
        continue
    raise SystemExit(place + " can be written to")
"""
_ONLY_US: Final = "assert len([name for name in os.listdir('/proc') if name.isdigit()]) == 1\n"

_NAMESPACES: Final = (
    "--net",
    "--ipc",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount",
    "--mount-proc",
)
_MAPPED: Final = ("--user", "--map-root-user")


@dataclass(frozen=True, slots=True)
class Isolation:
    """A way to run a program apart.

    `says` tells people what it is kept from.  `before` is the command that makes the namespaces,
    and `is_closed` tells that the jail may close them.
    """

    says: str
    before: tuple[str, ...]
    is_closed: bool
    proof: str

    async def run(self, program: str, time_limit_s: float) -> str | None:
        """What a Python program says that ends in time, whatever its status; None else."""
        with TemporaryDirectory(prefix="fimls-") as name:
            file, folder = _places(Path(name), program)
            home = (str(Path.home()),) if self.is_closed else ()
            seconds = str(max(1, round(time_limit_s)))
            words = (sys.executable, "-I", "-B", _JAIL, str(file), str(folder), seconds, *home)
            finished = await processes.run_apart(
                (*self.before, *words),
                timeout_s=time_limit_s,
                most_bytes=_MOST_OUTPUT_BYTES,
                cwd=folder,
            )
        return finished.output if finished else None


def _places(top: Path, program: str) -> tuple[Path, Path]:
    """The program in a file, and a folder for it."""
    file, folder = top / "program.py", top / "home"
    file.write_text(program, encoding="utf-8", errors="replace")
    # The user that owns nothing has to get to its folder.
    top.chmod(0o711)
    folder.mkdir()
    return file, folder


async def best() -> Isolation:
    """The way that keeps a program from the most, of those that work here.

    Raises `InputError` on Windows, which has none of them, and where not even a process of its own
    can be had.
    """
    if sys.platform == "win32":
        raise InputError(
            "--execute runs what a model wrote, and nothing on Windows holds it: use WSL for this"
        )
    for way in _ways():
        said = await way.run(f"{way.proof}print({_HELD!r})", _PROBE_S)
        if said is not None and said.strip() == _HELD:
            return way
    raise InputError("--execute: no program can be run apart here")


def _ways() -> Iterator[Isolation]:
    """Best first."""
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    if unshare is not None:
        proof = _ALONE + _NO_WRITING + _ONLY_US
        for mapped in ((), _MAPPED):
            yield Isolation(_CLOSED, (unshare, *mapped, *_NAMESPACES), True, proof)
        yield Isolation(_OFFLINE, (unshare, *_MAPPED, "--net"), False, _ALONE)
    yield Isolation(_LIMITED, (), False, "")


_LIMITS: Final = "limits of time, memory, files and processes; an empty environment"
_CLOSED: Final = (
    "no network, no home, no other process to see, nothing to write but 16 MB of its own;"
    f" {_LIMITS}"
)
_OFFLINE: Final = f"no network; {_LIMITS}; but files can be read and written"
_LIMITED: Final = f"{_LIMITS}; but files and the network can be reached"

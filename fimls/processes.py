"""The only place that starts a process: each dies with its parent and never writes on our stdout.

Standard output carries the protocol to the editor, so a child gets pipes of its own; it is told to
end by the end of its standard input, which comes by itself when we are killed (`embedded.md` §2.3).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fimls.errors import ProcessError
from fimls.lifeline import PARENT_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# A child ends within milliseconds of the end of its input; one that does not in this time hangs.
_GRACE_S = 2.0

# The longest line that a child may send; rows of an index worker are the longest there will be.
_LINE_BYTES = 1 << 20

# Runs a module without the present folder on the import path: that folder is the user's project,
# which may hold a `json.py`.  Our own place comes last, for runs from a source tree.
_BOOT = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


class Child:
    """A process of ours that lives until `stop`, or until we end in whatever way."""

    def __init__(self, process: subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ProcessError("a child process was started without pipes")
        self._process = process
        self.writer: asyncio.StreamWriter = process.stdin
        self.reader: asyncio.StreamReader = process.stdout

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it was running when the event loop last looked."""
        return self._process.returncode is None

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.returncode

    async def first_line(self, timeout_s: float) -> str:
        """The first line that it says, without its line end.

        Raises `ProcessError` when it ends without a word or says nothing in that time.
        """
        try:
            async with asyncio.timeout(timeout_s):
                line = await self.reader.readline()
        except TimeoutError:
            raise ProcessError(f"the process said nothing in {timeout_s:g} s") from None
        if not line.endswith(b"\n"):
            code = await self._process.wait()
            raise ProcessError(f"the process ended before it was ready (status {code})")
        return line.decode("utf-8", "replace").rstrip("\r\n")

    async def ended(self, within_s: float) -> bool:
        """Whether it ends, or has ended, within that time."""
        try:
            async with asyncio.timeout(within_s):
                await self._process.wait()
        except TimeoutError:
            return False
        return True

    async def kill(self) -> None:
        """Ends it by force, for one that has nothing to put in order; returns when it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self.writer.close()
        await self._process.wait()
        with suppress(OSError):
            await self.writer.wait_closed()

    async def stop(self) -> None:
        """Ends it: by the end of its input, else by force; returns when it is gone."""
        self.writer.close()
        for harder in (self._process.terminate, self._process.kill):
            if await self.ended(_GRACE_S):
                break
            with suppress(ProcessLookupError):
                harder()
        await self._process.wait()
        with suppress(OSError):
            await self.writer.wait_closed()


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a finite command: its exit status, and what it said on both its channels."""

    code: int
    output: str


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of ours in an interpreter like this one."""
    home = str(Path(__file__).resolve().parent.parent)
    return (sys.executable, "-P", "-c", _BOOT, home, module, *arguments)


async def start(
    argv: Sequence[str],
    *,
    env_extra: Mapping[str, str] | None = None,
    log_file: Path | None = None,
    cwd: Path | None = None,
) -> Child:
    """Starts a process that lives with us; what it says on standard error goes to `log_file`.

    A child in Python calls `fimls.lifeline.hold` first; any other must end with its input.
    Raises `ProcessError` if it cannot be started.
    """
    try:
        with _opened(log_file) as log:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_environment(env_extra),
                cwd=cwd,
                limit=_LINE_BYTES,
            )
    except OSError as error:
        raise ProcessError(f"{argv[0]} cannot be started: {error}") from error
    return Child(process)


async def run(
    argv: Sequence[str],
    *,
    timeout_s: float,
    env_extra: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda _line: None,
) -> Finished:
    """Runs a finite command to its end; `on_line` is given each line as it comes.

    Raises `ProcessError` if it cannot be started or takes longer.  The command is ended in that
    case, when the caller is cancelled, and (on Linux) when we are killed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *_tied_to_us(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(env_extra),
            limit=_LINE_BYTES,
            start_new_session=True,
        )
    except OSError as error:
        raise ProcessError(f"{argv[0]} cannot be started: {error}") from error
    try:
        async with asyncio.timeout(timeout_s):
            output = await _lines(process, on_line)
            return Finished(await process.wait(), output)
    except TimeoutError:
        raise ProcessError(f"{argv[0]} took longer than {timeout_s:g} s") from None
    finally:
        _kill_all(process)
        await process.wait()
        await _drain(process)


async def run_apart(
    argv: Sequence[str], *, timeout_s: float, most_bytes: int, cwd: Path
) -> Finished | None:
    """Runs a finite command that is not to be trusted; None where it takes longer or says more.

    It is given nothing of our environment and no input, and begins in the folder `cwd`.  Whatever
    it has started in its process group is ended with it.  Raises `ProcessError` if it cannot be
    started.
    """
    tied = _tied_to_us(argv)
    try:
        process = await asyncio.create_subprocess_exec(
            *tied,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # The variable is the lifeline's, which passes it on to nobody.
            env={} if tied is argv else {PARENT_VARIABLE: str(os.getpid())},
            cwd=cwd,
            start_new_session=True,
        )
    except OSError as error:
        raise ProcessError(f"{argv[0]} cannot be started: {error}") from error
    try:
        async with asyncio.timeout(timeout_s):
            said = await _at_most(process, most_bytes)
            if said is None:
                return None
            return Finished(await process.wait(), said.decode("utf-8", "replace"))
    except TimeoutError:
        return None
    finally:
        _kill_group(process.pid)
        await process.wait()
        await _drain(process)


async def _drain(process: subprocess.Process) -> None:
    """Reads what is left in the pipe of a command that has ended: only then is it closed.

    Who has left the group may hold it open for good, and is not waited for.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE_S):
            while process.stdout is not None and await process.stdout.read(_LINE_BYTES):
                continue


async def _at_most(process: subprocess.Process, most_bytes: int) -> bytes | None:
    """All that a process says; None where it is more than that."""
    said = b""
    while process.stdout is not None and (part := await process.stdout.read(_LINE_BYTES)):
        said += part
        if len(said) > most_bytes:
            return None
    return said


async def _lines(process: subprocess.Process, on_line: Callable[[str], None]) -> str:
    said: list[str] = []
    if process.stdout is None:
        return ""
    async for raw in process.stdout:
        line = raw.decode("utf-8", "replace").rstrip()
        said.append(line)
        on_line(line)
    return "\n".join(said)


def _kill_all(process: subprocess.Process) -> None:
    """Ends a command and what it has started: a script's programs hold on to its output.

    Windows has no group of processes to end; there it is the command alone.
    """
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        with suppress(ProcessLookupError):
            process.kill()
    else:
        _kill_group(process.pid)


def _kill_group(group: int) -> None:
    """Ends all processes of a group, also one whose leader has ended (POSIX)."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _opened(log_file: Path | None) -> IO[bytes]:
    return Path(log_file or os.devnull).open("ab")


def _tied_to_us(argv: Sequence[str]) -> Sequence[str]:
    return (*python("fimls.lifeline"), *argv) if sys.platform == "linux" else argv


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, PARENT_VARIABLE: str(os.getpid()), **(extra or {})}

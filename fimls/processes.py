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
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fimls.errors import ProcessError
from fimls.lifeline import PARENT_VARIABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

# A child ends within milliseconds of the end of its input; one that does not in this time hangs.
_GRACE_S = 2.0

# What a command has said is in its pipe when it ends; to read that takes milliseconds.
_REST_S = 0.5

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

    Who was left behind and holds its output open, as daemons do, is not waited for.
    Raises `ProcessError` if it cannot be started or takes longer.  The command is ended in that
    case, when the caller is cancelled, and (on Linux) when we are killed.
    """
    heard = _Heard(on_line=on_line)
    environment = _environment(env_extra)
    async with _command(_tied_to_us(argv), heard, env=environment) as transport:
        try:
            async with asyncio.timeout(timeout_s):
                await heard.exited.wait()
        except TimeoutError:
            raise ProcessError(f"{argv[0]} took longer than {timeout_s:g} s") from None
        await _at_most(_REST_S, heard.silent)
        lines = heard.said.decode("utf-8", "replace").removesuffix("\n").split("\n")
        return Finished(transport.get_returncode() or 0, "\n".join(map(str.rstrip, lines)))


async def run_apart(
    argv: Sequence[str], *, timeout_s: float, most_bytes: int, cwd: Path
) -> Finished | None:
    """Runs a finite command that is not to be trusted; None where it takes longer or says more.

    It is given nothing of our environment and no input, and begins in the folder `cwd`.  Whatever
    it has started in its process group is ended with it.  Raises `ProcessError` if it cannot be
    started.
    """
    tied = _tied_to_us(argv)
    # The variable is the lifeline's, which passes it on to nobody.
    environment = {} if tied is argv else {PARENT_VARIABLE: str(os.getpid())}
    heard = _Heard(most_bytes=most_bytes)
    async with _command(tied, heard, env=environment, cwd=cwd) as transport:
        try:
            async with asyncio.timeout(timeout_s):
                await heard.silent.wait()
                if heard.is_too_much:
                    return None
                await heard.exited.wait()
        except TimeoutError:
            return None
        finally:
            _kill_group(transport.get_pid())
        said = heard.said.decode("utf-8", "replace")
        return Finished(transport.get_returncode() or 0, said)


class _Heard(asyncio.SubprocessProtocol):
    """What a command says, and that it has ended: two things, unlike for asyncio's `Process.wait`.

    Until Python 3.13 that also waits for whoever else holds the command's output open.  `silent`
    is set when nothing more comes, or more than `most_bytes` have come.
    """

    def __init__(
        self,
        *,
        on_line: Callable[[str], None] = lambda _line: None,
        most_bytes: float = inf,
    ) -> None:
        self.said = b""
        self.exited, self.silent, self.gone = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._on_line = on_line
        self._most_bytes = most_bytes
        self._begun = b""

    @property
    def is_too_much(self) -> bool:
        """Whether it has said more than it may."""
        return len(self.said) > self._most_bytes

    def pipe_data_received(self, _fd: int, data: bytes) -> None:
        if self.silent.is_set():
            return
        self.said += data
        *whole, self._begun = (self._begun + data).split(b"\n")
        for line in whole:
            self._on_line(line.decode("utf-8", "replace").rstrip())
        if self.is_too_much:
            self.silent.set()

    def pipe_connection_lost(self, _fd: int, _error: Exception | None) -> None:
        if self._begun:
            self._on_line(self._begun.decode("utf-8", "replace").rstrip())
        self.silent.set()

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, _error: Exception | None) -> None:
        self.gone.set()


@asynccontextmanager
async def _command(
    argv: Sequence[str], heard: _Heard, *, env: Mapping[str, str], cwd: Path | None = None
) -> AsyncIterator[asyncio.SubprocessTransport]:
    """A command without input, which is ended at the end of the block where it still runs.

    Raises `ProcessError` if it cannot be started.
    """
    try:
        transport, _ = await asyncio.get_running_loop().subprocess_exec(
            lambda: heard,
            *argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
    except OSError as error:
        raise ProcessError(f"{argv[0]} cannot be started: {error}") from error
    try:
        yield transport
    finally:
        if transport.get_returncode() is None:
            # Also what it has started: a script's programs would run on.
            _kill_group(transport.get_pid())
        # Kills the command itself where there are no groups, and gives up the pipe.
        transport.close()
        await _at_most(_GRACE_S, heard.gone)


async def _at_most(limit_s: float, event: asyncio.Event) -> None:
    """Waits for an event, but no longer than that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await event.wait()


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

"""Real processes: they start, report, end when told to, and when their parent is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from fimls import processes
from fimls.errors import ProcessError

if TYPE_CHECKING:
    from pathlib import Path

# Long enough for an interpreter to start on a busy machine; nothing waits for it to pass.
PATIENCE_S = 30.0

POLITE = """
    from fimls import lifeline
    import os, threading
    lifeline.hold()
    channel = lifeline.private_stdout()
    print("a stray print")
    print(os.getpid(), file=channel, flush=True)
    threading.Event().wait()
"""

# It neither reads its input nor minds being asked to end.
STUBBORN = """
    import os, signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(os.getpid(), flush=True)
    while True:
        signal.pause()
"""

# A parent that starts a child, tells its process id, and stays.
PARENT = """
    import asyncio, sys, threading
    from fimls import processes
    async def main():
        child = await processes.start([sys.executable, sys.argv[1]])
        print(await child.first_line(30), flush=True)
        await asyncio.Event().wait()
    asyncio.run(main())
"""

# The same with a finite command, which knows nothing of us.
PARENT_OF_COMMAND = """
    import asyncio, sys
    from fimls import processes
    async def main():
        await processes.run([sys.executable, sys.argv[1]], timeout_s=60,
                            on_line=lambda line: print(line, flush=True))
    asyncio.run(main())
"""


@pytest.fixture(name="script")
def script_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return Script(tmp_path)


class Script:
    """Writes programs into files, as `[interpreter, file]`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, source: str) -> list[str]:
        file = self.folder / f"{name}.py"
        file.write_text(textwrap.dedent(source))
        return [sys.executable, str(file)]


async def gone(pid: int) -> None:
    """Returns when the process, which need not be a child of ours, has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


async def test_a_child_reports_on_its_own_channel(script: Script, tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    child = await processes.start(script("polite", POLITE), log_file=log)
    try:
        assert int(await child.first_line(PATIENCE_S)) == child.pid
        assert child.alive
    finally:
        await child.stop()
    assert child.returncode == 0
    assert log.read_text() == "a stray print\n"


@pytest.mark.parametrize(
    ("source", "status"),
    [
        # It ends by itself when its input ends.
        (POLITE, 0),
        # It has to be killed, and is still not left behind.
        (STUBBORN, -signal.SIGKILL),
    ],
)
async def test_stop_leaves_nothing(
    script: Script, source: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_GRACE_S", 0.5)
    child = await processes.start(script("child", source))
    await child.first_line(PATIENCE_S)
    await child.stop()
    assert child.returncode == status
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


@pytest.mark.parametrize(
    ("source", "timeout_s", "message"),
    [
        # A native library for another processor: dead before the first word.
        ("import os; os._exit(3)", PATIENCE_S, r"ended before it was ready \(status 3\)"),
        # A half line is no report.
        ("import os; os.write(1, b'half')", PATIENCE_S, "ended before it was ready"),
        # It hangs while it loads.
        (STUBBORN.replace("print", "str"), 0.05, "said nothing in 0.05 s"),
    ],
)
async def test_no_report_is_an_error(
    script: Script,
    source: str,
    timeout_s: float,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "_GRACE_S", 0.1)
    source = source.replace(", flush=True", "")
    child = await processes.start(script("child", source))
    with pytest.raises(ProcessError, match=message):
        await child.first_line(timeout_s)
    await child.stop()


@pytest.mark.parametrize(
    ("parent", "source"),
    [
        # A child that holds our end of its input.
        (PARENT, POLITE),
        # A command that ignores its input: the kernel ends it.
        (PARENT_OF_COMMAND, STUBBORN),
    ],
)
async def test_a_killed_parent_leaves_no_child(script: Script, parent: str, source: str) -> None:
    grandchild = script("grandchild", source)
    child = await processes.start([*script("parent", parent), grandchild[1]])
    pid = int(await child.first_line(PATIENCE_S))
    os.kill(child.pid, signal.SIGKILL)
    await gone(pid)
    await child.stop()


async def test_the_users_folder_is_not_on_the_import_path(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken over')")
    child = await processes.start(processes.python("json.tool"), cwd=tmp_path)
    child.writer.write(b"[1]")
    child.writer.write_eof()
    assert await child.first_line(PATIENCE_S) == "["
    await child.stop()


async def test_a_command_runs_to_its_end(script: Script) -> None:
    lines: list[str] = []
    source = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(4)"
    finished = await processes.run(
        [sys.executable, "-u", *script("command", source)[1:]],
        timeout_s=PATIENCE_S,
        on_line=lines.append,
    )
    assert finished == processes.Finished(4, "one\ntwo")
    assert lines == ["one", "two"]


async def test_a_command_that_takes_too_long_is_ended(script: Script) -> None:
    pids: list[int] = []
    heard = asyncio.Event()

    def hear(line: str) -> None:
        pids.append(int(line))
        heard.set()

    running = asyncio.ensure_future(
        processes.run(script("stubborn", STUBBORN), timeout_s=PATIENCE_S, on_line=hear)
    )
    await heard.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await gone(pids[0])
    with pytest.raises(ProcessError, match=r"longer than 0\.05 s"):
        await processes.run(script("stubborn", STUBBORN), timeout_s=0.05)


# Its last line has no end, and who it leaves behind holds its output open.
DAEMON = """
    import os, time
    daemon = os.fork()
    if daemon == 0:
        os.setsid()
        time.sleep(3600)
    print(daemon)
    print("1.2.3", end="")
"""


async def test_a_command_is_over_when_it_has_ended(script: Script) -> None:
    lines: list[str] = []
    finished = await processes.run(
        script("daemon", DAEMON), timeout_s=PATIENCE_S, on_line=lines.append
    )
    os.kill(int(lines[0]), signal.SIGKILL)
    assert finished == processes.Finished(0, "\n".join(lines))
    assert lines[1:] == ["1.2.3"]


async def test_a_command_that_is_not_there() -> None:
    with pytest.raises(ProcessError, match="cannot be started"):
        await processes.start(["fimls-no-such-command"])
    finished = await processes.run(["fimls-no-such-command"], timeout_s=PATIENCE_S)
    assert finished.code == 1
    assert "cannot be started" in finished.output


CROWD = """
    import os, sys, time
    if os.fork() == 0:
        time.sleep(3600)
    print(os.getpid(), sorted(os.environ), os.getcwd())
"""


async def test_apart_nothing_is_inherited_and_nobody_is_left(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIMLS_TEST_TOKEN", "do not tell")
    argv = script("apart", 'import os; print("FIMLS_TEST_TOKEN" in os.environ, os.getcwd())')
    finished = await processes.run_apart(argv, timeout_s=PATIENCE_S, most_bytes=999, cwd=tmp_path)
    assert finished is not None
    assert (finished.code, finished.output) == (0, f"False {tmp_path}\n")


async def test_apart_a_group_is_ended_whose_leader_has_ended(
    script: Script, tmp_path: Path
) -> None:
    # Who was left holds the output open, so that it takes all the time there is.
    argv = script("crowd", CROWD)
    assert await processes.run_apart(argv, timeout_s=1, most_bytes=999, cwd=tmp_path) is None


async def test_apart_who_says_too_much(script: Script, tmp_path: Path) -> None:
    argv = script("talker", "print('a' * 1000)")
    assert await processes.run_apart(argv, timeout_s=60, most_bytes=999, cwd=tmp_path) is None


async def test_apart_what_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="cannot be started"):
        await processes.run_apart(
            [sys.executable], timeout_s=1, most_bytes=1, cwd=tmp_path / "nowhere"
        )

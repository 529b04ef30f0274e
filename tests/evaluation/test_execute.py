"""What a model wrote is run: it passes or not, and whatever it tries, it is held and ended."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fimls.errors import InputError
from fimls.evaluation import isolation
from fimls.evaluation.execute import TIME_LIMIT_S, Executor
from fimls.evaluation.isolation import Isolation, best
from fimls.evaluation.tasks import Task, own

TASK = Task(
    "t/1",
    "",
    "",
    "",
    entry_point="solve",
    test="def check(solve):\n    assert solve(2) == 4\n",
)
RIGHT = "def solve(number):\n    return number * 2\n"

# No test here waits for it to pass, but for those of what never ends.
SHORT_S = 2.0


@pytest.fixture(scope="module", name="found")
def found_fixture() -> Isolation:
    return asyncio.run(best())


def ways() -> list[Isolation]:
    return list(isolation._ways())


async def works(way: Isolation) -> bool:
    return await way.run(f"{way.proof}print('held')", TIME_LIMIT_S) == "held\n"


@pytest.mark.parametrize("way", ways(), ids=lambda way: " ".join(way.before[1:]) or "limits alone")
async def test_every_way_that_works_here(way: Isolation) -> None:
    if not await works(way):
        # A container may forbid namespaces; that is found out, and told.
        assert way.before
        return
    executor = Executor(way)
    assert await executor.passes(TASK, RIGHT) is True
    assert await executor.passes(TASK, "def solve(number):\n    return 0\n") is False


@pytest.mark.parametrize(
    "text",
    [
        # It does something else, raises, or is no Python.
        "def solve(number):\n    return number\n",
        "def solve(number):\n    raise ValueError\n",
        "def solve(number:\n",
        "",
        # It leaves before it is tested, which is no passing.
        f"{RIGHT}import sys\nsys.exit(0)\n",
        f"{RIGHT}import os\nos._exit(0)\n",
        # It says that it has passed.
        "print('passed')\n",
    ],
)
async def test_what_does_not_pass(found: Isolation, text: str) -> None:
    assert await Executor(found).passes(TASK, text) is False


async def test_what_it_prints_does_not_matter(found: Isolation) -> None:
    talks = f"print('here I am', end='')\n{RIGHT}"
    assert await Executor(found).passes(TASK, talks) is True


@pytest.mark.parametrize(
    "task",
    [
        # Without a test, or in another language, there is nothing to run.
        replace(TASK, test=""),
        replace(TASK, language="go"),
    ],
)
async def test_what_cannot_be_run(found: Isolation, task: Task) -> None:
    assert await Executor(found).passes(task, RIGHT) is None


@pytest.mark.parametrize(
    "task", [each for each in own() if each.test and each.name.endswith("/0")], ids=lambda x: x.name
)
async def test_own_tasks_pass_as_they_were(found: Isolation, task: Task) -> None:
    executor = Executor(found)
    assert await executor.passes(task, task.prefix + task.middle + task.suffix) is True
    assert await executor.passes(task, task.prefix + task.suffix) is False


@pytest.mark.parametrize(
    "program",
    [
        # An endless loop, of work and of waiting.
        "while True: pass",
        "import time; time.sleep(60)",
        # Signals that would end others are ignored.
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
        # It talks without end.
        "while True: print('a' * 10_000)",
        # It leaves its group, and holds on to its output.
        "import os, time\nif os.fork() == 0: os.setsid(); time.sleep(60)\nos.wait()",
    ],
)
async def test_what_never_ends_is_ended(found: Isolation, program: str) -> None:
    assert await found.run(program, SHORT_S) is None


@pytest.mark.parametrize(
    "program",
    [
        # More memory than there may be.
        "x = bytearray(4 << 30)",
        # More in a file than there may be.
        "open('big', 'wb').write(b'a' * (8 << 20))",
        # More files.
        "files = [open('/dev/null') for _ in range(1000)]",
    ],
)
async def test_limits(found: Isolation, program: str) -> None:
    assert (await found.run(f"{program}\nprint('done')", SHORT_S) or "").endswith("done\n") is False


async def test_nothing_of_our_environment(
    found: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIMLS_TEST_TOKEN", "do not tell")
    said = await found.run("import os, sys; print(sorted(os.environ), sys.flags.isolated)", SHORT_S)
    assert said == "['HOME'] 1\n"
    said = await found.run("import os; print(os.listdir(os.path.expanduser('~')))", SHORT_S)
    assert said == "[]\n"


async def check_closed(found: Isolation, program: str, said: str) -> None:
    """Where there are no namespaces a program can do more, and that is told."""
    if found.is_closed:
        assert await found.run(program, SHORT_S) == said
    else:
        assert "but files" in found.says


BOMB = """
import os, time
count = 0
try:
    while count < 50:
        if os.fork() == 0:
            time.sleep(60)
        count += 1
except OSError:
    pass
print(count, flush=True)
"""


async def test_few_processes(found: Isolation) -> None:
    said = await found.run(BOMB, SHORT_S)
    # Root's processes are counted only where it becomes somebody else; all of them are ended.
    assert said is None or int(said) < 10 or os.geteuid() == 0


async def test_nothing_outside_is_written(found: Isolation, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("mine")
    program = f"""
try:
    open({str(file)!r}, "w").write("yours")
except OSError:
    print("held")
"""
    await check_closed(found, program, "held\n")
    assert file.read_text() == "mine" or not found.is_closed


async def test_the_home_is_not_there(found: Isolation) -> None:
    places = [place for place in Path.home().iterdir() if place not in above_python()]
    program = f"import os; print([name for name in {[*map(str, places)]} if os.path.exists(name)])"
    await check_closed(found, program, "[]\n")


def above_python() -> set[Path]:
    return {place for prefix in (sys.prefix, sys.base_prefix) for place in Path(prefix).parents}


async def test_no_other_process_is_seen(found: Isolation) -> None:
    program = "import os; print([name for name in os.listdir('/proc') if name.isdigit()])"
    await check_closed(found, program, "['1']\n")


async def test_no_network(found: Isolation) -> None:
    program = """
import socket
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError as error:
    print(error.strerror)
"""
    await check_closed(found, program, "Network is unreachable\n")


def test_jail_without_a_namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Sealing would change the machine itself.
    from fimls.evaluation import jail

    program = tmp_path / "program.py"
    program.write_text("")
    monkeypatch.setattr(jail, "_limit", lambda _seconds: None)
    with pytest.raises(SystemExit, match="no namespace"):
        jail.main([str(program), str(tmp_path), "1", str(tmp_path)])


async def test_windows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation.sys, "platform", "win32")  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="WSL"):
        await best()


async def test_where_nothing_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_ways", lambda: iter(()))
    with pytest.raises(InputError, match="no program can be run apart"):
        await best()

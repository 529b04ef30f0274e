"""The embedded model's process: there for the server, and gone with it, however that ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.test_processes import gone

if TYPE_CHECKING:
    from tests.e2e.conftest import Served, Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    return"


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


async def say_goodbye(served: Served) -> None:
    await served.client.shutdown()


async def hang_up(served: Served) -> None:
    await served.client.close()


async def kill(served: Served) -> None:
    served.process.send_signal(signal.SIGKILL)


Ending = Callable[["Served"], Awaitable[None]]


@pytest.mark.parametrize("end", [say_goodbye, hang_up, kill])
async def test_it_goes_with_the_server(start: Start, embedded_data_dir: Path, end: Ending) -> None:
    folders = {"FIMLS_DATA_DIR": str(embedded_data_dir), "FIMLS_BACKEND": "embedded"}
    async with start(**folders) as served:
        await served.client.initialize("file:///project")
        served.client.open(URI, "python", TEXT)
        assert await served.client.inline_completion(URI, len(TEXT), explicit=True) is not None
        [child] = children(served.process.pid)
        await end(served)
        await served.process.wait()
        await gone(child)


async def test_it_comes_back_when_it_is_killed(start: Start, embedded_data_dir: Path) -> None:
    folders = {"FIMLS_DATA_DIR": str(embedded_data_dir), "FIMLS_BACKEND": "embedded"}
    async with start(**folders) as served:
        client = served.client
        await client.initialize("file:///project")
        client.open(URI, "python", TEXT)
        before = await client.inline_completion(URI, len(TEXT), explicit=True)
        [child] = children(served.process.pid)
        os.kill(child, signal.SIGKILL)
        await gone(child)
        # Another text, which what the model has said before does not serve.
        client.change(URI, TEXT.replace("add(a, b)", "sum_of(a, b)"))
        after = await client.inline_completion(URI, len(TEXT) + 3, explicit=True)

    assert before
    assert after
    assert not [each for each in client.notifications["fimls/status"] if each["state"] == "error"]

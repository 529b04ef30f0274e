"""Two processes work on the index of one folder: beside each other, and where one is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from pathlib import Path

import pytest

from fimls.repository.store import FORMAT, Store, files_in, store_file
from tests.repository.folders import PATIENCE_S, indexed, names, seen, until
from tests.repository.test_ignore import made

FILES = 600
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """More files than are written to the store at once."""
    text = "".join(f"def of_{{number}}_{line}(): pass\n" for line in range(20))
    files = {f"x{at % 7}/m{at}.py": text.format(number=at) for at in range(FILES)}
    return made(tmp_path / "project", files)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where indexes are kept."""
    return tmp_path / "cache"


async def editor(root: Path, cache: Path) -> Process:
    module = "tests.repository.editor"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, str(root), str(cache)), stdout=PIPE, cwd=REPOSITORY
    )


async def said(process: Process) -> dict[str, list[str]]:
    async with asyncio.timeout(2 * PATIENCE_S):
        output, _ = await process.communicate()
    assert process.returncode == 0
    found: dict[str, list[str]] = json.loads(output)
    return found


def check_sound(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert files_in(file) == FILES


async def test_at_the_same_time(root: Path, cache: Path) -> None:
    one, two = await editor(root, cache), await editor(root, cache)
    found, also = await asyncio.gather(said(one), said(two))
    assert len(found) == FILES
    assert found == also
    check_sound(store_file(cache, str(root)))


async def test_one_is_killed_while_it_writes(root: Path, cache: Path) -> None:
    file = store_file(cache, str(root))
    one, two = await editor(root, cache), await editor(root, cache)
    await until(lambda: bool(files_in(file)))
    os.kill(one.pid, signal.SIGKILL)
    found = await said(two)
    await one.communicate()
    assert len(found) == FILES
    check_sound(file)
    # And whoever comes next finds it whole.
    assert await said(await editor(root, cache)) == found


async def test_a_store_of_another_time_is_not_looked_at(root: Path, cache: Path) -> None:
    file = store_file(cache, str(root))
    older = file.with_name(file.name.replace(f"-v{FORMAT}.", f"-v{FORMAT - 1}."))
    store = Store(older)
    store.close()
    with closing(sqlite3.connect(older)) as database, database:
        database.execute("INSERT INTO files VALUES ('gone.py', 1, 1, x'00')")
    async with indexed(root, cache) as index:
        assert len(names(seen(index))) == FILES
    assert files_in(older) == 1
    check_sound(file)

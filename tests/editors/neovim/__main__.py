"""Tests the plug-in in every Neovim, against the real server; exit status 0 when all went well.

`--only GLOB` runs the test files of that name, `--neovim VERSION` one Neovim.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.editors.cache import REPOSITORY, UnfetchedError
from tests.editors.neovim.doubles import doubles
from tests.editors.neovim.installed import PACKAGES, mini_test, neovim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.editors.neovim.installed import Neovim

_TESTS = REPOSITORY / "editors" / "neovim" / "tests"


def main(argv: Sequence[str] | None = None) -> int:
    """Fetches what is needed, and runs the tests in all Neovims at once."""
    parser = argparse.ArgumentParser(prog="python -m tests.editors.neovim")
    parser.add_argument("--only", default="test_*.lua", metavar="GLOB")
    parser.add_argument("--neovim", choices=PACKAGES, action="append", metavar="VERSION")
    given = parser.parse_args(argv)
    began_s = time.monotonic()
    try:
        editors = [neovim(version) for version in given.neovim or PACKAGES]
        mini = mini_test()
    except UnfetchedError as error:
        print(f"neovim: {error}", file=sys.stderr)
        return 1
    data = _embedded_model()
    if data is None:
        print("neovim: the embedded model cannot be fetched", file=sys.stderr)
        return 1
    print(f"fetched in {time.monotonic() - began_s:.0f} s:", *(each.version for each in editors))
    passed = asyncio.run(_run(editors, mini, data, given.only))
    print(f"neovim: {time.monotonic() - began_s:.0f} s")
    return 0 if passed else 1


def _embedded_model() -> Path | None:
    """The data folder with the embedded model, fetched as the README says."""
    folder = REPOSITORY / ".cache"
    environ = {**os.environ, "FIMLS_DATA_DIR": str(folder)}
    got = subprocess.run(
        [sys.executable, "-m", "fimls", "model", "get"], env=environ, cwd=REPOSITORY, check=False
    )
    return folder if got.returncode == 0 else None


async def _run(editors: Sequence[Neovim], mini: Path, data: Path, only: str) -> bool:
    runs = (_tested(editor, mini, data, only) for editor in editors)
    return all(await asyncio.gather(*runs))


async def _tested(editor: Neovim, mini: Path, data: Path, only: str) -> bool:
    """Runs the tests in one Neovim, with doubles of its own; tells what they said."""
    began_s = time.monotonic()
    async with doubles() as addresses:
        with tempfile.TemporaryDirectory(prefix="fimls-neovim-") as folder:
            known = _environ(Path(folder), mini, data)
            environ = {**known, **addresses, "TEST_FILES": only}
            process = await asyncio.create_subprocess_exec(
                editor.program,
                *("--headless", "--noplugin", "-u", str(_TESTS / "minimal_init.lua")),
                *("-c", "lua MiniTest.run()"),
                env=environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await process.communicate()
    print(f"--- Neovim {editor.version}, {time.monotonic() - began_s:.0f} s")
    print(said.decode(errors="replace").replace("\r\n", "\n"), flush=True)
    return process.returncode == 0


def _environ(folder: Path, mini: Path, data: Path) -> dict[str, str]:
    """An environment in which nothing of this machine's user is found."""
    folders = {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE")}
    ours = {f"FIMLS_{name}_DIR": str(folder / name) for name in ("CONFIG", "CACHE")}
    machine = {name: value for name, value in os.environ.items() if not name.startswith("FIMLS_")}
    if "FIMLS_UPDATE" in os.environ:
        ours["TEST_UPDATE"] = "1"
    return {
        **machine,
        **folders,
        **ours,
        "HOME": str(folder),
        "PYTHONPATH": str(REPOSITORY),
        "MINI_TEST": str(mini),
        "FIMLS_BACKEND": "ollama",
        "FIMLS_COMPLETION_SPECULATE": "off",
        "TEST_DATA_DIR": str(data),
        "TEST_SERVER": json.dumps([sys.executable, "-m", "fimls", "serve"]),
    }


if __name__ == "__main__":
    sys.exit(main())

"""The page about the kit is true: its program runs, and it names every fault, option and route."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fimls.testing import serving
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from tests.test_architecture import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = (ROOT / "docs" / "testing-kit.md").read_text(encoding="utf-8")


def options() -> Iterable[str]:
    return re.findall(r"--[a-z-]{3,}", serving.arguments("program", "model").format_help())


@pytest.mark.parametrize("name", [*Fault, *sorted({*options()} - {"--help"})])
def test_it_names(name: str) -> None:
    assert f"`{name}" in PAGE


async def test_it_names_the_routes() -> None:
    for verb, path in FakeOllama()._routes():
        assert not path.startswith("/fake/") or f"`{verb} {path}`" in PAGE


async def test_the_program_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    place = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        env={**os.environ, "PATH": place},
        stderr=asyncio.subprocess.PIPE,
    )
    _out, err = await process.communicate()
    assert process.returncode == 0, err.decode()

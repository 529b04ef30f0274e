"""The same repository gives the same bytes, whenever it is read and in whatever order sets are."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import fimls

if TYPE_CHECKING:
    from fimls.testing.fake_ollama import FakeOllama

# Rooms of fimls itself, as a repository of which every file uses many others.
_ROOMS = ("completion", "context", "models")

_PLACES = ("completion/engine.py:60", "context/gather.py:110", "models/session.py:90:5")


def repository(folder: Path) -> Path:
    """A repository that is large enough for ties, and for the order of things to matter."""
    root = folder / "project" / "fimls"
    for room in _ROOMS:
        shutil.copytree(
            Path(fimls.__file__).parent / room,
            root / room,
            ignore=shutil.ignore_patterns("__pycache__", "post", "shape"),
        )
    (root.parent / "pyproject.toml").touch()
    return root


async def told(place: Path, where: str, cache: Path, seed: str, ollama: FakeOllama) -> str:
    """The prompt of a completion in a process of its own, with what it has of other files."""
    environ = {
        **os.environ,
        "FIMLS_BACKEND": "ollama",
        "FIMLS_HOST": ollama.url,
        "FIMLS_CONFIG_DIR": str(cache / "config"),
        "FIMLS_CACHE_DIR": str(cache),
        "PYTHONHASHSEED": seed,
    }
    command = (sys.executable, "-m", "fimls", "complete", f"{place}/{where}", "--explain", "--json")
    process = await asyncio.create_subprocess_exec(
        *command, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    out, _ = await process.communicate()
    row = json.loads(out)
    assert len(row["context"]) > 3
    return json.dumps([row["prompt"], row["context"]])


async def test_the_same_bytes_in_two_runs_and_with_two_hash_seeds(
    ollama: FakeOllama, tmp_path: Path
) -> None:
    ollama.answer = "x\n"
    root = repository(tmp_path)
    for where in _PLACES:
        # With an index of its own, and with one that is there already.
        caches = [(tmp_path / "one", "0"), (tmp_path / "two", "1"), (tmp_path / "one", "2")]
        prompts = [await told(root, where, cache, seed, ollama) for cache, seed in caches]
        assert prompts[0] == prompts[1] == prompts[2]

"""What surrounds an editor under test: a home of its own, `fimls` on its path, a fake Ollama."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.testing.fake_ollama import FakeOllama
from tests.editors.cache import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

MIDDLE: Final = "net + vat"
"""What the model completes with, whatever is asked."""

CHAT: Final = "```python\ndef double(value):\n    return value * 2\n```\n"
"""What it answers to an instruction."""

_MODELS: Final = ("codellama:7b-code", "codellama:7b-instruct")

# A folder in the environment: the editor's first words are kept there (`recording.py`).
_RECORD: Final = "EDITOR_TEST_RECORD"

_SHIM: Final = '#!/bin/sh\nPYTHONPATH="{repository}" exec "{python}" -m {program} "$@"\n'


@dataclass(frozen=True, slots=True)
class Session:
    """A folder for the editor's files, and the environment that it is started in."""

    folder: Path
    environ: dict[str, str]
    ollama: FakeOllama

    async def run(self, command: Sequence[str], folder: Path = REPOSITORY) -> int:
        """Runs a program in it to its end; returns its exit status."""
        process = await asyncio.create_subprocess_exec(*command, env=self.environ, cwd=folder)
        return await process.wait()


@asynccontextmanager
async def session(environ: Mapping[str, str]) -> AsyncIterator[Session]:
    """A session in an environment; its settings are none of the user's, and it is gone after."""
    with tempfile.TemporaryDirectory(prefix="fimls-") as name:
        folder = Path(name)
        async with FakeOllama(models=_MODELS, answer=_answer) as ollama:
            yield Session(folder, _environ(environ, folder, ollama.url), ollama)


def _answer(request: object) -> str:
    return CHAT if getattr(request, "is_chat", False) else f"{MIDDLE} <EOT>"


def _environ(environ: Mapping[str, str], folder: Path, host: str) -> dict[str, str]:
    own = {f"FIMLS_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}
    return {
        **environ,
        **own,
        "HOME": str(folder),
        "PATH": f"{shim(folder / 'bin')}{os.pathsep}{environ['PATH']}",
        "FIMLS_BACKEND": "ollama",
        "FIMLS_HOST": host,
        "EDITOR_TEST_PYTHON": sys.executable,
        # Each request is one that the test has made.
        "FIMLS_COMPLETION_SPECULATE": "off",
    }


def shim(folder: Path) -> Path:
    """The folder, with a `fimls` in it that runs this repository's, and is recorded if wanted."""
    wanted = os.environ.get(_RECORD)
    program = f'tests.editors.recording "{Path(wanted).resolve()}" fimls' if wanted else "fimls"
    folder.mkdir()
    command = folder / "fimls"
    text = _SHIM.format(repository=REPOSITORY, python=sys.executable, program=program)
    command.write_text(text, encoding="utf-8")
    command.chmod(0o755)
    return folder

"""The folder that editors and their parts are fetched into, each once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

REPOSITORY: Final = Path(__file__).resolve().parents[2]
CACHE: Final = REPOSITORY / ".cache" / "editors"


class UnfetchedError(Exception):
    """What the tests need cannot be fetched; the message says what, and what came of it."""


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name in the cache, made if it is not there or was left half made.

    The name has the version, so that another version is another folder.
    """
    folder = CACHE / name
    is_whole = folder / ".whole"
    if not is_whole.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder)
        is_whole.touch()
    return folder


def ran(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """What a command writes on its standard output.

    Raises UnfetchedError with what it said where it fails or is not there.
    """
    try:
        done = subprocess.run(
            command, env=environ, cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise UnfetchedError(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise UnfetchedError(f"{' '.join(map(str, command))} failed:\n{said}")
    return done.stdout


def from_pip(requirement: str) -> Path:
    """The folder that a Python package is put into, by this machine's own pip; `name==version`.

    Raises UnfetchedError.
    """
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    return once(requirement, lambda folder: ran([*pip, "--target", folder, requirement]))

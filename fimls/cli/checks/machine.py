"""What `fimls doctor` looks at of this machine: Python, packages, grammars, folders."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from fimls import __version__
from fimls.cli.checks.finding import Check, Finding, Grade, Group, short, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.cli.checks.finding import Situation

_LEAST_PYTHON = (3, 11)

# What completions depend on.  The last one is there only with the embedded model.
_PACKAGES = ("pygls", "lsprotocol", "httpx", "ollama", "tree-sitter", "xllamacpp")

# A cache with more files is measured no further: the report is wanted at once.
_MOST_FILES = 10_000


async def _python(_situation: Situation) -> Finding:
    number = platform.python_version()
    found = f"{number} on {platform.system()} {platform.machine()}"
    figures = {"version": number, "executable": sys.executable}
    if sys.version_info >= _LEAST_PYTHON:
        return Finding(Grade.OK, found, figures=figures)
    return Finding(Grade.FAIL, found, "install Python 3.11 or later", figures)


async def _versions(_situation: Situation) -> Finding:
    installed = {name: number for name in _PACKAGES if (number := _version(name)) is not None}
    packages = ", ".join(f"{name} {number}" for name, number in installed.items())
    figures = {"fimls": __version__, **installed}
    return Finding(Grade.OK, f"{__version__} with {packages}", figures=figures)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


async def _grammars(_situation: Situation) -> Finding:
    from fimls.syntax.grammars import GRAMMARS

    missing = await asyncio.to_thread(_missing_grammars)
    there = len(GRAMMARS) - len(missing)
    figures = {"loaded": there, "missing": missing}
    if not missing:
        return Finding(Grade.OK, f"all {there} load", figures=figures)
    wheels = sorted({GRAMMARS[name].module.replace("_", "-") for name in missing})
    return Finding(
        Grade.WARN,
        f"{there} of {len(GRAMMARS)} load; not {', '.join(missing)}",
        f"run `pip install {' '.join(wheels)}`",
        figures,
    )


def _missing_grammars() -> list[str]:
    from fimls.syntax.grammars import GRAMMARS, has_grammar

    return [name for name in GRAMMARS if not has_grammar(name)]


async def _models_folder(situation: Situation) -> Finding:
    from fimls.settings import data_dir

    return await asyncio.to_thread(_folder, data_dir(situation.environ), "FIMLS_DATA_DIR")


async def _cache_folder(situation: Situation) -> Finding:
    from fimls.settings import cache_dir

    return await asyncio.to_thread(_folder, cache_dir(situation.environ), "FIMLS_CACHE_DIR")


def _folder(folder: Path, variable: str) -> Finding:
    used, is_open = _bytes_in(folder), _can_write(folder)
    figures = {"path": str(folder), "bytes": used, "writable": is_open}
    if not is_open:
        fix = f"make it writable, or set {variable} to another folder"
        return Finding(Grade.WARN, f"{short(folder)} cannot be written", fix, figures)
    state = size(used) if folder.is_dir() else "made when it is needed"
    return Finding(Grade.OK, f"{short(folder)}, {state}", figures=figures)


def _can_write(folder: Path) -> bool:
    """Whether the folder can be written, or made where it is not there yet."""
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK)


def _bytes_in(folder: Path) -> int:
    sizes = zip(range(_MOST_FILES), _sizes(folder), strict=False)
    return sum(size_bytes for _count, size_bytes in sizes)


def _sizes(folder: Path) -> Iterator[int]:
    for place, _folders, files in os.walk(folder):
        for name in files:
            try:
                yield (Path(place) / name).stat().st_size
            except OSError:
                # It has been taken away since the folder was read.
                continue


CHECKS: tuple[Check, ...] = (
    Check(Group.MACHINE, "Python", "fimls needs 3.11 or later", _python),
    Check(Group.MACHINE, "fimls", "to be named in a report of a fault", _versions),
    Check(
        Group.MACHINE,
        "grammars",
        "a completion is shown only where it does not break the syntax",
        _grammars,
    ),
    Check(Group.MACHINE, "models folder", "embedded models are kept there", _models_folder),
    Check(Group.MACHINE, "cache folder", "what can be made again is kept there", _cache_folder),
)

"""What `fimls doctor` tells of the editors on PATH: their versions, and whether they know fimls."""

from __future__ import annotations

import asyncio
import re
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.cli.checks.editor_table import EDITORS
from fimls.cli.checks.finding import Check, Finding, Grade, Group, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fimls.cli.checks.editor_table import Editor, Place
    from fimls.cli.checks.finding import Situation

# An editor that says its version only later is not waited for: Electron takes up to a second.
_VERSION_S = 2.0

# What a file has in it that starts fimls, or a plug-in of it.
_MENTION = b"fimls"

# Nobody writes a longer one by hand.
_LONGEST_CONFIGURATION_BYTES = 1 << 20

_README = "see “In your editor” in the README"


async def _editor(editor: Editor, situation: Situation) -> Finding | None:
    command = _command(editor, situation.environ)
    if command is None:
        return None
    known = partial(_mention, editor, situation.environ)
    version, place = await asyncio.gather(_version(editor, command), asyncio.to_thread(known))
    figures = {"path": command, "version": version, "fimls": str(place) if place else None}
    shown = version or f"does not tell its version in {_VERSION_S:g} s"
    if place is not None:
        return Finding(Grade.OK, f"{shown}; fimls is in {short(place)}", figures=figures)
    if version and _numbers(version) < editor.since:
        least = ".".join(map(str, editor.since))
        fix = f"install {editor.name} {least} or later, and {_README}"
        return Finding(Grade.NOTE, f"{shown}; too old to show completions", fix, figures)
    if editor.lacks:
        fix = f"{_README} for those that do"
        return Finding(Grade.NOTE, f"{shown}; {editor.lacks}", fix, figures)
    return Finding(Grade.NOTE, f"{shown}; fimls is not set up in it", _README, figures)


def _command(editor: Editor, environ: Mapping[str, str]) -> str | None:
    places = environ.get("PATH", "")
    found = (shutil.which(name, path=places) for name in editor.commands)
    return next((path for path in found if path is not None), None)


async def _version(editor: Editor, command: str) -> str:
    """What it says of its version; "" where it says nothing in time, or something else."""
    from fimls import processes
    from fimls.errors import ProcessError

    try:
        said = (await processes.run([command, "--version"], timeout_s=_VERSION_S)).output
    except ProcessError:
        return ""
    found = re.search(editor.version, said, re.MULTILINE)
    return found[1] if found else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _mention(editor: Editor, environ: Mapping[str, str]) -> Path | None:
    """Where fimls is: the folder of a plug-in, else a file of the user's that speaks of it."""
    roots = _roots(environ)
    plugins = _existing(editor.plugins, roots)
    written = (path for path in _existing(editor.configurations, roots) if _speaks_of_fimls(path))
    return next(plugins, None) or next(written, None)


def _existing(places: Sequence[Place], roots: Mapping[str, Path]) -> Iterator[Path]:
    for root, pattern in places:
        try:
            yield from sorted(roots[root].glob(pattern))
        except OSError:
            # A folder that cannot be read has nothing to tell.
            continue


def _speaks_of_fimls(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return _MENTION in stream.read(_LONGEST_CONFIGURATION_BYTES)
    except OSError:
        return False


def _roots(environ: Mapping[str, str]) -> Mapping[str, Path]:
    """The folders that the places of the table are below."""
    home = Path.home()
    local = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    app = environ.get("NVIM_APPNAME") or "nvim"
    return {
        "home": home,
        "config": config,
        "roaming": Path(environ.get("APPDATA") or home / "AppData" / "Roaming"),
        "nvim config": config / app,
        "nvim data": data / app,
        "nvim local": local / app,
        "nvim local data": local / f"{app}-data",
        "library": home / "Library" / "Application Support",
    }


async def _none(situation: Situation) -> Finding | None:
    if any(_command(editor, situation.environ) for editor in EDITORS):
        return None
    names = ", ".join(editor.name for editor in EDITORS)
    return Finding(Grade.NOTE, f"none on PATH of {names}", _README)


CHECKS: tuple[Check, ...] = (
    *(
        Check(Group.EDITORS, editor.name, "it shows what fimls completes", partial(_editor, editor))
        for editor in EDITORS
    ),
    Check(Group.EDITORS, "editors", "they show what fimls completes", _none),
)

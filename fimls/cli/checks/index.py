"""What `fimls doctor` tells of the index of the workspace: whether there is one, and where."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.cli.checks.finding import Check, Finding, Grade, Group, counted, short, size

if TYPE_CHECKING:
    from fimls.cli.checks.finding import Situation


async def _index(situation: Situation) -> Finding:
    context = situation.settings.context
    if not context.repo_map or context.max_files == 0:
        fix = "set `context.repoMap` to true, and `context.maxFiles` to more than 0"
        return Finding(Grade.NOTE, "switched off", fix)
    return await asyncio.to_thread(_kept, situation)


def _kept(situation: Situation) -> Finding:
    from fimls.cli.place import workspace_of
    from fimls.repository.ignore import Sieve
    from fimls.repository.store import files_in, store_file
    from fimls.settings import cache_dir

    folder = workspace_of(Path.cwd() / "any")
    if not Sieve(str(folder)).enters(""):
        return Finding(Grade.OK, f"{short(folder)} is no project, and is not read")
    file = store_file(cache_dir(situation.environ), str(folder))
    files = files_in(file)
    figures: dict[str, object] = {"files": files}
    if files is None:
        return Finding(Grade.OK, "made when an editor opens this folder", figures=figures)
    figures["bytes"] = file.stat().st_size
    found = f"{counted(files, 'file')} of {short(folder)}, {size(file.stat().st_size)}"
    return Finding(Grade.OK, found, figures=figures)


CHECKS: tuple[Check, ...] = (
    Check(Group.MACHINE, "workspace index", "completions know other files by what it has", _index),
)

"""Tasks from a directory of sources: holes that nobody has looked at.

Filters are mended by what they lose on tasks that are known; how good they are is told by others.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Final

from fimls.errors import InputError
from fimls.evaluation.source_holes import HOLES
from fimls.evaluation.tasks import Task, TaskSet
from fimls.syntax.tree import parse
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fimls.text.language import Language

TASKS_EACH: Final = 60
"""Tasks of each language, where nothing else is said: their share has an error of 6 points."""

# A file is as long as one that a person works on: shorter ones have no lines around a hole, and
# longer ones take their time to be parsed for each way of spoiling.
_LEAST_LINES: Final = 12
_MOST_BYTES: Final = 30_000

# Lines longer than this are no person's.
_MOST_COLUMNS: Final = 160

# Files that are tried for each task that is wanted: many have faults, or no such hole.
_MOST_TRIED: Final = 6


def from_sources(root: Path, count: int | None = None, seed: int = 0) -> TaskSet:
    """Tasks from the files below a directory: of each language up to `count`, chosen by `seed`.

    A file gives one task of one kind: a statement, a block, or a span within a line, with the
    cursor where an editor has it.  Files have to be in order by themselves, and names that begin
    with a dot, and links, are left alone.  Raises `InputError` where there is nothing to be had.
    """
    wanted = TASKS_EACH if count is None else count
    chance = random.Random(seed)  # noqa: S311
    tasks: list[Task] = []
    for language, paths in sorted(_files(root).items(), key=lambda row: row[0].id):
        chance.shuffle(paths)
        found: list[Task] = []
        for path in paths[: wanted * _MOST_TRIED]:
            if len(found) == wanted:
                break
            task = _task(path, path.relative_to(root).as_posix(), language, len(found), chance)
            found += [task] if task is not None else []
        tasks += found
    if not tasks:
        raise InputError(f"{root} has no sources to make tasks of")
    return TaskSet(root.name or str(root), tuple(tasks))


def _files(root: Path) -> dict[Language, list[Path]]:
    found: dict[Language, list[Path]] = {}
    for path in _walk(root):
        language = language_of("", str(path))
        if language.grammar is not None and not language.prose:
            found.setdefault(language, []).append(path)
    return found


def _walk(root: Path) -> Iterator[Path]:
    """The files below a directory in the order of their names, whatever system it is on."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = type(root)(folder, name)
            if not name.startswith(".") and not path.is_symlink():
                yield path


def _task(
    path: Path, name: str, language: Language, number: int, chance: random.Random
) -> Task | None:
    text = _text(path)
    tree = None if text is None else parse(text, language.grammar)
    if text is None or tree is None or tree.root.has_error:
        return None
    kind = list(HOLES)[number % len(HOLES)]
    holes = sorted(set(HOLES[kind](tree)))
    if not holes:
        return None
    start, end = chance.choice(holes)
    return Task(f"{name}:{start}", text[:start], text[end:], text[start:end], language.id, kind)


def _text(path: Path) -> str | None:
    """The text of a file, if it is one that a person may have written."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        text = path.read_bytes().decode().replace("\r\n", "\n")
    except (OSError, ValueError):
        return None
    lines = text.split("\n")
    if len(lines) < _LEAST_LINES or max(map(len, lines)) > _MOST_COLUMNS or "\0" in text:
        return None
    return text

"""Volumes: long documents, in any language of our own tasks bound from the files of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from fimls.evaluation.specimen import BREAKS, specimen
from fimls.evaluation.tasks import own
from fimls.syntax.tree import parse
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.tasks import Task

# What a file is put in so that several of them can stand one after the other: in Lua nothing may
# follow a `return`, and what begins a file of PHP stands there once.
_BOUND: Final = {"lua": ("do\n", "end\n")}
_ONCE: Final = {"php": "<?php\n"}

# Lines that leave a text broken in all of the languages, by what they leave open.
_BREAKS: Final = ("values = sorted(\n", 'title = "not closed\n', "if (x {\n")


@dataclass(frozen=True, slots=True)
class Middle:
    """A part of a volume that may be missing; all are offsets.

    At `above`, before it, a line begins that is no part of what the middle is in.
    """

    start: int
    end: int
    above: int = 0


@dataclass(frozen=True, slots=True)
class Volume:
    """A text that is in order, the middles of it, and lines that break it."""

    language: str
    text: str
    middles: tuple[Middle, ...]
    breaks: tuple[str, ...] = _BREAKS

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n")


def languages() -> list[str]:
    """The languages in which there are tasks and a grammar."""
    named = sorted({task.language for task in own()})
    return [name for name in named if language_of(name).grammar is not None]


def functions(lines: int) -> Volume:
    """The specimen of about that many lines of Python; the middles are the bodies, of ten lines."""
    file = specimen(lines)
    middles = [
        Middle(each.start + len("    "), each.end - 1, before.end)
        for before, each in pairwise(file.functions)
    ]
    return Volume("python", file.text, tuple(middles), BREAKS)


def volume(language: str, lines: int, remark: str = "") -> Volume:
    """A document of at least that many lines; `remark` ends each of the files it is made of.

    Nothing is left to chance.
    """
    files = [_file(task, remark) for task in own() if task.language == language]
    sound = [file for file in files if _is_sound(file, language)]
    return _bound(language, sound, lines)


@dataclass(frozen=True, slots=True)
class _File:
    """A file and its middle, as it stands in a volume."""

    text: str
    middle: Middle


def _file(task: Task, remark: str) -> _File:
    begin, end = _BOUND.get(task.language, ("", ""))
    head = begin + task.prefix.removeprefix(_ONCE.get(task.language, ""))
    text = (head + task.middle + task.suffix).rstrip() + f"\n{end}{remark}\n"
    return _File(text, Middle(len(head), len(head) + len(task.middle)))


def _is_sound(file: _File, language: str) -> bool:
    tree = parse(_ONCE.get(language, "") + file.text, language_of(language).grammar)
    return tree is not None and not tree.root.has_error


def _bound(language: str, files: Sequence[_File], lines: int) -> Volume:
    texts, offset, count = [_ONCE.get(language, "")], len(_ONCE.get(language, "")), 0
    middles: list[Middle] = []
    while count < lines:
        file = files[len(middles) % len(files)]
        texts.append(file.text)
        start, end = offset + file.middle.start, offset + file.middle.end
        middles.append(Middle(start, end, above=offset))
        offset, count = offset + len(file.text), count + file.text.count("\n")
    return Volume(language, "".join(texts), tuple(middles))

"""The patterns of `.gitignore` as Git matches them, after its `dir.c` and `wildmatch.c`.

A pattern speaks of a path itself, and of nothing below it: Git looks into no folder that is left
out, so it asks of a path only where all folders above it are kept.  What is one byte to Git is one
character here.

The library for this (pathspec 1.1) differs from Git in 43 of 3,989 paths and patterns like those of
projects, nearly always by keeping what Git leaves out; and what is left out must not be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# A star within a name, stars for any folders, stars for all there is.  They take as little as may
# be, and that is settled then: whatever a longer part would let match, a shorter one does too.  So
# the time is bounded, whatever somebody has written.
_SOME: Final = "(?>[^/]*?"
_FOLDERS: Final = "(?>(?:.*?/)??"
_ALL: Final = "(?>.*"

_SPECIAL: Final = re.compile(r"[*?\[\\]")

# What a set consists of: classes by their names, letters, and ranges.
_IN_SET: Final = re.compile(
    r"\[:(?P<named>[^\]]*):\]|(?P<first>\\.|[^\\])(?:-(?P<last>\\.|[^\]\\]))?", re.DOTALL
)
_NAMED: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t-\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A line: what it matches, and whether that is left out or, with a `!` before it, kept."""

    matches: re.Pattern[str]
    leaves_out: bool
    of_folders: bool
    of_names: bool


class Patterns:
    """The lines of one file of rules; those that Git takes for none say nothing."""

    def __init__(self, lines: Iterable[str]) -> None:
        found = [_pattern(line) for line in lines]
        # The last one that speaks of a path holds.
        self._patterns = [each for each in reversed(found) if each is not None]
        self._names = _any(each for each in self._patterns if each.of_names)
        self._ways = _any(each for each in self._patterns if not each.of_names)

    def verdict(self, path: str) -> bool | None:
        """Whether the lines leave a path out, keep it, or do not mention it.

        A path is seen from the folder that the rules are in; that of a folder ends with a slash.
        """
        is_folder = path.endswith("/")
        way = path.removesuffix("/")
        name = way.rpartition("/")[2]
        if not self._names.match(name) and not self._ways.match(way):
            # Which is so for nearly all, and takes a fifth of the time to tell.
            return None
        for each in self._patterns:
            is_meant = is_folder or not each.of_folders
            if is_meant and each.matches.match(name if each.of_names else way):
                return each.leaves_out
        return None


def lines_of(text: str) -> list[str]:
    """The lines of a file of rules."""
    # Other characters that end lines elsewhere may be in names.
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def _any(patterns: Iterable[_Pattern]) -> re.Pattern[str]:
    """What any of them matches."""
    return re.compile("|".join(each.matches.pattern for each in patterns) or "(?!)", re.DOTALL)


def _pattern(line: str) -> _Pattern | None:
    plain = _without_last_blanks(line)
    glob = plain.removeprefix("!")
    body = glob.removesuffix("/")
    expression = _expression(body.removeprefix("/"))
    if expression is None or plain.startswith("#"):
        return None
    return _Pattern(
        re.compile(expression, re.DOTALL),
        leaves_out=glob == plain,
        of_folders=body != glob,
        of_names="/" not in body,
    )


def _without_last_blanks(line: str) -> str:
    plain = line.rstrip(" ")
    backslashes = len(plain) - len(plain.rstrip("\\"))
    # One behind a backslash belongs to the name.
    return f"{plain} " if plain != line and backslashes % 2 else plain


def _expression(glob: str) -> str | None:
    """The same as a regular expression; None for what matches nothing."""
    made, at = "", 0
    # What ends the groups that are open.
    some, folders = "", ""
    while at < len(glob):
        if glob[at] != "*":
            part, at = _single(glob, at)
            if not part:
                return None
            made += part
            continue
        begin, at = _stars(glob, at)
        if begin == _SOME:
            made, some = f"{made}{some}{begin}", ")"
        else:
            made, some, folders = f"{made}{some}{folders}{begin}", "", ")"
    return f"{made}\\Z{some}{folders}" if glob else None


def _stars(glob: str, at: int) -> tuple[str, int]:
    """How the expression of some stars begins, and where they end."""
    before, rest = glob[:at], glob[at:].lstrip("*")
    end = len(glob) - len(rest)
    # Git compares what is plain at the begin first, and only the rest with the rules for stars.
    is_alone = before.endswith("/") or not _SPECIAL.search(before)
    if end - at == 1 or not is_alone or (rest and not rest.startswith("/")):
        return _SOME, end
    return (_FOLDERS, end + 1) if rest else (_ALL, end)


def _single(glob: str, at: int) -> tuple[str, int]:
    """The expression of what matches one character, "" where nothing does, and where it ends."""
    char = glob[at]
    if char == "?":
        return "[^/]", at + 1
    if char == "[":
        return _set(glob, at + 1)
    if char == "\\":
        return re.escape(glob[at + 1 : at + 2]), at + 2
    return re.escape(char), at + 1


def _set(glob: str, at: int) -> tuple[str, int]:
    """The expression of a set whose bracket is open, as `_single` has it."""
    is_other = glob.startswith(("!", "^"), at)
    at += is_other
    begin, parts = at, ""
    while at == begin or not glob.startswith("]", at):
        found = _IN_SET.match(glob, at)
        if found is None or found["named"] not in {None, *_NAMED}:
            return "", at
        parts += _range(found["first"], found["last"]) or _NAMED.get(found["named"], "")
        at = found.end()
    if not parts:
        return "[^/]" if is_other else "(?!)", at + 1
    return f"[^/{parts}]" if is_other else f"(?!/)[{parts}]", at + 1


def _range(first: str | None, last: str | None) -> str:
    """A part of a set, nothing where it ends before it begins."""
    if first is None:
        return ""
    low = first[-1]
    high = low if last is None else last[-1]
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""

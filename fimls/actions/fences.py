"""Code fences in an answer: the blocks between them, whole or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Three backticks or tildes or more, after the indentation of a list, and what is said about the
# code: a language, a path.  Code on the line of the fence has blanks and signs that these have not.
_FENCE: Final = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")

# The language, alone or before more: `python`, `python title="a.py"`, `ts:src/a.ts`, `{.python}`.
_TAG: Final = re.compile(r"\{?\.?([\w+#-]+)")

# A whole block on one line.
_ON_ONE_LINE: Final = re.compile(r"[ \t]*```(?:[a-z]+ )?([^`\n]+)```[ \t]*")

_LONG_QUOTES: Final = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code in an answer.

    `tag` is the language as the model names it, in lower case, "" for none.  `said_before` is the
    last visible line before it.  `is_closed`: its end has come.
    """

    text: str
    tag: str = ""
    said_before: str = ""
    is_closed: bool = True


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """The blocks of an answer in their order; one that is not closed goes on to the end."""
    blocks: list[Block] = []
    at, said = 0, ""
    while at < len(lines):
        if found := _ON_ONE_LINE.fullmatch(lines[at]):
            blocks.append(Block(found[1].strip(), "", said))
        elif (opened := _FENCE.fullmatch(lines[at])) is not None:
            end = _end_of(lines, at, opened["mark"])
            text = "\n".join(_dedented(lines[at + 1 : end], opened["indent"]))
            blocks.append(Block(text, _tag_of(opened["info"]), said, end < len(lines)))
            at = end
        elif lines[at].strip():
            said = lines[at].strip()
        at += 1
    return blocks


def first_fence(lines: Sequence[str]) -> int | None:
    """The first line with a fence."""
    fences = (at for at, line in enumerate(lines) if _FENCE.fullmatch(line) or _is_whole(line))
    return next(fences, None)


def is_bare_fence(line: str) -> bool:
    """Whether a line is a fence that says nothing about what follows, as closing ones do."""
    found = _FENCE.fullmatch(line)
    return found is not None and not found["info"].strip()


def may_become_fence(line: str) -> bool:
    """Whether a line that is not finished was going to be a fence."""
    return line.strip() in ("`", "``", "~", "~~")


def _is_whole(line: str) -> bool:
    return _ON_ONE_LINE.fullmatch(line) is not None


def _end_of(lines: Sequence[str], opened: int, mark: str) -> int:
    """The line of the fence that closes a block; the number of lines where none does.

    A fence within a documentation string belongs to it, unless that never ends.
    """
    quote, inner = "", None
    for at in range(opened + 1, len(lines)):
        found = _FENCE.fullmatch(lines[at])
        if found is not None and _closes(found, mark):
            if not quote:
                return at
            inner = at if inner is None else inner
        quote = _quote_after(lines[at], quote)
    return len(lines) if inner is None else inner


def _closes(found: re.Match[str], mark: str) -> bool:
    own = found["mark"]
    return own[0] == mark[0] and len(own) >= len(mark) and not found["info"].strip()


def _quote_after(line: str, quote: str) -> str:
    if quote:
        return "" if line.count(quote) % 2 else quote
    return next((each for each in _LONG_QUOTES if line.count(each) % 2), "")


def _tag_of(info: str) -> str:
    found = _TAG.match(info.strip())
    return found[1].lower() if found else ""


def _dedented(lines: Sequence[str], indent: str) -> Iterator[str]:
    """The lines of a block in a list, without the indentation of its fence."""
    for line in lines:
        yield line.removeprefix(indent) if line.strip() else line

"""What a language's rule for imports consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Import:
    """One name that is brought in: `item` of `module`, called `alias` ("" for its own name).

    Without an item it is the module itself; the item `*` is all that it has.
    """

    module: str
    item: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What everybody knows about names: by names, and by names that something follows.

    `members` are those for which it depends on what follows: `datetime.now` is not of the module
    `datetime`.
    """

    names: Mapping[str, Import]
    modules: Mapping[str, Import]
    members: Mapping[tuple[str, str], Import]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a language imports.

    `begins` is how a statement begins; `read` takes one apart (of whatever lines), `write` makes
    one of imports from the same module (`like` is the text of the document, for its style);
    `order` tells the group of an import and its place in it; `top` is the line that imports go
    before where there are none yet; `bound` is the name that an import brings in.  `merges`: more
    names of a module go into the statement that there is.  `brackets` go around several new ones.
    """

    begins: re.Pattern[str]
    read: Callable[[str], list[Import]]
    write: Callable[[Sequence[Import], str], str]
    order: Callable[[Import], tuple[int, str]]
    top: Callable[[Sequence[str]], int]
    bound: Callable[[Import], str]
    known: Known
    merges: bool = False
    brackets: tuple[str, str] | None = None


def below_comments(lines: Sequence[str], at: int, marks: tuple[str, ...]) -> int:
    """The line after the comments that the whole file is headed by, from a line on.

    They are set off from the code by a blank line: what stands right above code is about it.
    """
    end = at
    while end < len(lines) and lines[end].strip() and lines[end].lstrip().startswith(marks):
        end += 1
    is_apart = at < end < len(lines) and not lines[end].strip()
    return end if is_apart and any(word in _HEADING for word in _words(lines[at:end])) else at


_HEADING = frozenset({"copyright", "license", "licence", "spdx", "author", "generated", "reserved"})


def _words(lines: Sequence[str]) -> list[str]:
    text = " ".join(lines).lower()
    return [
        "".join(sign for sign in word if sign.isalpha()) for word in text.replace("-", " ").split()
    ]

"""Brackets and quotes of a piece of code, told without a grammar: which lack their partner.

This decides where no parser can: between two ways of joining a text to its line that both parse, in
languages without a grammar, and what a part of a program still needs to be a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.text.language import Language

_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_CLOSERS: Final = {opener: closer for closer, opener in _PAIRS.items()}

# An apostrophe is a lifetime, a mark of derivation, a quotation or a word's own in these.
_NO_APOSTROPHES: Final = frozenset(
    {"rust", "haskell", "ocaml", "fsharp", "elm", "lisp", "clojure", "html", "xml", "vb", "vhdl"}
)

# Strings that may span lines, by what begins and ends them.
_LONG_QUOTES: Final = {
    "python": ('"""', "'''"),
    "starlark": ('"""', "'''"),
    "java": ('"""',),
    "kotlin": ('"""',),
    "scala": ('"""',),
    "swift": ('"""',),
    "csharp": ('"""',),
    "toml": ('"""', "'''"),
    "javascript": ("`",),
    "javascriptreact": ("`",),
    "typescript": ("`",),
    "typescriptreact": ("`",),
    "go": ("`",),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """What a piece of code leaves open (`unclosed`, in order), and shuts without having opened it.

    `quote` is the quote or comment mark that is open at its end, "" for none.  `broken` counts the
    strings that are not closed on their line.
    """

    unclosed: str
    unmatched: str
    quote: str
    broken: int = 0

    @property
    def closers(self) -> str:
        """What closes the brackets that are open, innermost first."""
        return "".join(_CLOSERS[bracket] for bracket in reversed(self.unclosed))

    @property
    def faults(self) -> int:
        """How many brackets and quotes have no partner."""
        return len(self.unclosed) + len(self.unmatched) + self.broken + (1 if self.quote else 0)


def balance(code: str, language: Language, quote: str = "") -> Balance:
    """The brackets and quotes of a piece of code that begins within `quote` ("" for none)."""
    stack: list[str] = []
    unmatched: list[str] = []
    scanner = _scanner(language)
    at = broken = 0
    while True:
        if quote:
            found = scanner.ends[quote].match(code, at)
            if found is None:
                break
            at, quote = found.end(), ""
            broken += found.group().endswith("\n")
            continue
        found = scanner.mark.search(code, at)
        if found is None:
            break
        at, mark = found.end(), found.group()
        if mark in scanner.ends:
            quote = mark
        elif mark in _PAIRS.values():
            stack.append(mark)
        elif mark in _PAIRS and stack and stack[-1] == _PAIRS[mark]:
            stack.pop()
        elif mark in _PAIRS:
            unmatched.append(mark)
    return Balance("".join(stack), "".join(unmatched), quote, broken)


class Nesting:
    """Follows a text line by line, and knows whether a bracket or string of it is open.

    Braces count only where blocks end by indentation: elsewhere they are the blocks.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._depth = 0
        self._quote = ""

    @property
    def is_open(self) -> bool:
        """Whether the next line begins within a bracket or string."""
        return self._depth > 0 or self.is_quoted

    @property
    def is_quoted(self) -> bool:
        """Whether the next line begins within a string, or a comment."""
        return bool(self._quote)

    def feed(self, line: str) -> None:
        """Takes in the next line, without its end."""
        found = _of_line(line, self._language, self._quote)
        counted = "([{" if self._language.by_indentation else "(["
        opened = sum(bracket in counted for bracket in found.unclosed)
        shut = sum(_PAIRS[bracket] in counted for bracket in found.unmatched)
        self._depth = max(0, self._depth - shut) + opened
        self._quote = found.quote


def parts_of(inside: str, opener: str, closer: str) -> Iterator[str]:
    """The parts of a list between its commas; one within a pair of the brackets parts nothing."""
    depth, part = 0, ""
    for sign in inside:
        depth += (sign == opener) - (sign == closer)
        if sign == "," and not depth:
            yield part
            part = ""
        else:
            part += sign
    yield part


@lru_cache(maxsize=1024)
def _of_line(line: str, language: Language, quote: str) -> Balance:
    """The balance of a whole line: filter after filter follows the same lines."""
    return balance(f"{line}\n", language, quote)


@dataclass(frozen=True, slots=True)
class _Scanner:
    """`mark` finds the next bracket, quote or comment; `ends` finds where one of those ends."""

    mark: re.Pattern[str]
    ends: dict[str, re.Pattern[str]]


@lru_cache(maxsize=128)
def _scanner(language: Language) -> _Scanner:
    ends: dict[str, re.Pattern[str]] = {}
    for quote in _LONG_QUOTES.get(language.id, ()):
        ends[quote] = re.compile(rf"(?:\\.|(?!{quote})[^\\])*?{quote}", re.DOTALL)
    for quote in '"' if language.id in _NO_APOSTROPHES else "\"'":
        # A string that is not closed on its line is left at its end.
        ends[quote] = re.compile(rf"(?:\\.|[^\\\n{quote}])*(?:{quote}|\n)", re.DOTALL)
    if language.block_comment is not None:
        begin, end = language.block_comment
        ends[begin] = re.compile(rf".*?{re.escape(end)}", re.DOTALL)
    comment = f"|{_line_comment(language)}" if language.line_comment else ""
    marks = "|".join(re.escape(mark) for mark in sorted(ends, key=len, reverse=True))
    # A character literal of a language whose apostrophes are something else may hold a bracket.
    literal = r"'(?:\\.|[^\\'\n])'|"
    return _Scanner(re.compile(rf"{literal}{marks}{comment}|[(\[{{)\]}}]"), ends)


def _line_comment(language: Language) -> str:
    mark = re.escape(language.line_comment or "")
    # A mark that is a word, as `rem`, is none within another word.
    return rf"\b{mark}\b[^\n]*" if mark.isalpha() else rf"{mark}[^\n]*"

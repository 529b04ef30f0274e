"""What is begun below a comment: a function or a statement to complete, or a mere placeholder.

It is told from lines, since a text that is being written does not parse.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.text.indentation import indentation
from fimls.text.line_bounds import line_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.text.language import Language

_ECMA: Final = (
    r"(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b"
    r"|(?:export\s+)?(?:const|let|var)\s+[\w$]+[^=]*=\s*(?:async\s*)?(?:\([^)]*\)|[\w$]+)[^=]*=>"
    r"|(?:(?:public|private|protected|static|async|override|readonly)\s+)*"
    r"(?!(?:if|for|while|switch|catch|return)\b)[\w$]+\s*(?:<[^>]*>)?\([^)]*\)[^;]*\{\s*$"
)
_TYPED: Final = (
    r"(?!(?:return|new|throw|else|case|delete)\b)(?:[\w<>\[\],.?*&:]+\s+)+"
    r"(?!(?:if|for|while|switch|return|new)\b)[\w:~]+\s*\([^;]*(?:\{|,|\)|$)"
)

_HEADERS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "python": re.compile(r"(?:async\s+)?def\b"),
        **dict.fromkeys(
            ("javascript", "javascriptreact", "typescript", "typescriptreact"), re.compile(_ECMA)
        ),
        "go": re.compile(r"func\b"),
        "rust": re.compile(r"(?:pub(?:\([^)]*\))?\s+)?(?:const\s+|async\s+|unsafe\s+)*fn\b"),
        "java": re.compile(_TYPED),
        "c": re.compile(_TYPED),
        "cpp": re.compile(_TYPED),
        "csharp": re.compile(_TYPED),
        "ruby": re.compile(r"def\b"),
        "lua": re.compile(r"(?:local\s+)?function\b"),
        "php": re.compile(r"(?:(?:public|private|protected|static)\s+)*function\b"),
        "shellscript": re.compile(r"function\s+[\w-]+|[\w-]+\s*\(\)"),
    }
)
"""How a function begins, by language id."""

# What stands above a function and goes with it.
_DECORATION: Final = re.compile(r"@\w|#\[|template\s*<")

# What goes on at the indentation of the function's header.
_CLOSES: Final = re.compile(r"\s*(?:[)\]}]|end\b|\{\s*$)")

_PLACEHOLDERS: Final = re.compile(
    r"pass|\.\.\.|raise NotImplementedError(?:\(.*\))?|return NotImplemented"
    r"|(?:todo|unimplemented)!\(.*\);?|panic\(\"(?:not implemented|todo|unimplemented).*\"\)"
    r"|throw new (?:Error|UnsupportedOperationException)\(.*\);?|:",
    re.IGNORECASE,
)


def function_below(
    text: str, offset: int, indent: str, language: Language
) -> tuple[int, int] | None:
    """The function that begins on the line below an offset, as far as it is written."""
    header = _HEADERS.get(language.id)
    lines, start = _lines_below(text, offset)
    if header is None or not lines or indentation(lines[0]) != indent:
        return None
    at = 0
    while at < len(lines) and _DECORATION.match(lines[at].strip()):
        at += 1
    if at == len(lines) or not header.match(lines[at].strip()):
        return None
    end = at + 1
    while end < len(lines) and _belongs(lines[end], indent):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return start + len(indent), start + sum(len(line) + 1 for line in lines[:end]) - 1


def statement_below(text: str, offset: int, language: Language) -> tuple[int, int] | None:
    """The statement of SQL that begins on the line below an offset and is not ended."""
    lines, start = _lines_below(text, offset)
    if language.id != "sql":
        return None
    end = 0
    while end < len(lines) and lines[end].strip() and not lines[end].lstrip().startswith("--"):
        end += 1
    if not end or any(";" in line for line in lines[:end]):
        return None
    return start, start + sum(len(line) + 1 for line in lines[:end]) - 1


def placeholder_below(text: str, offset: int, indent: str, language: Language) -> int | None:
    """Where a statement ends that only holds the place for the code below an offset."""
    lines, start = _lines_below(text, offset)
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines) or indentation(lines[at]) != indent:
        return None
    if not _PLACEHOLDERS.fullmatch(lines[at].strip()):
        return None
    is_word = lines[at].strip() == ":"
    if is_word and language.id != "shellscript":
        return None
    return start + sum(len(line) + 1 for line in lines[: at + 1]) - 1


def _belongs(line: str, indent: str) -> bool:
    """Whether a line is part of a function whose header is indented like that."""
    if not line.strip():
        return True
    blanks = indentation(line)
    return (blanks != indent and blanks.startswith(indent)) or (
        blanks == indent and _CLOSES.match(line) is not None
    )


def _lines_below(text: str, offset: int) -> tuple[list[str], int]:
    """The lines below that of an offset, and where the first of them begins."""
    end = line_end(text, offset)
    return (text[end + 1 :].split("\n"), end + 1) if end < len(text) else ([], end)

"""The end of code that a model goes on writing: where what was asked for is done.

A model that only completes does not stop at the end of its task: it goes on with the next function,
another comment, the same once more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.text.brackets import Nesting, balance
from fimls.text.indentation import indentation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.text.language import Language

_DEFINES: Final = re.compile(
    r"(?:(?:export|default|public|private|protected|static|pub(?:\([^)]*\))?|async|unsafe)\s+)*"
    r"(?:def|class|func|function|fn|impl|struct|enum|trait|interface)\b|[\w-]+\s*\(\)\s*\{"
)

# What stands above the head of a definition and belongs to it.
_ABOVE_HEAD: Final = re.compile(r"@\w|#\[|//|--|#|/?\*")

# What goes on with a block at the indentation of its head.
_GOES_ON: Final = re.compile(
    r"[)\]}]|(?:else|elif|elsif|except|finally|catch|rescue|ensure|end|fi|done|esac|then|do|case"
    r"|when|default)\b"
)

# Here a function begins with its type, like a variable: the blank line after a brace ends it.
_TYPED: Final = frozenset({"c", "cpp", "java", "csharp"})

_MAIN: Final = re.compile(r"if __name__\b")


def ended(code: str, language: Language, *, is_begun: bool = False) -> str | None:
    """The code up to its end, or None while that has not come; its last line does not count.

    `is_begun`: it completes a function that has been begun, and has all of it from the head on.
    """
    if language.id == "sql":
        return _statement(code, language)
    lines = code.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    head = first
    while head < len(lines) and _ABOVE_HEAD.match(lines[head].strip()):
        head += 1
    if head >= len(lines) - 1:
        return None
    base = len(indentation(lines[head]))
    defines = is_begun or _DEFINES.match(lines[head].strip()) is not None
    for at in _outer(lines, head, base, language):
        if _is_beyond(lines, at, base, language, defines=defines):
            return _without_remarks("\n".join(lines[:at]).rstrip(), language)
    return None


def _statement(code: str, language: Language) -> str | None:
    """The first statement of SQL, if it has come to its semicolon."""
    end = code.find(";")
    while end >= 0:
        found = balance(code[:end], language)
        if not found.unclosed and not found.quote:
            return code[: end + 1].strip("\n")
        end = code.find(";", end + 1)
    return None


def _outer(lines: Sequence[str], head: int, base: int, language: Language) -> Iterator[int]:
    """The whole lines after the head that are no deeper than it, strings and brackets aside."""
    nesting = Nesting(language)
    nesting.feed(lines[head])
    for at in range(head + 1, len(lines) - 1):
        is_apart = not nesting.is_open and lines[at].strip()
        if is_apart and len(indentation(lines[at])) <= base:
            yield at
        nesting.feed(lines[at])


def _is_beyond(
    lines: Sequence[str], at: int, base: int, language: Language, *, defines: bool
) -> bool:
    """Whether a line belongs to something else than what the code began with."""
    line = lines[at].strip()
    if _GOES_ON.match(line):
        return len(indentation(lines[at])) < base
    if len(indentation(lines[at])) < base or defines:
        return True
    if _DEFINES.match(line) or _MAIN.match(line):
        return True
    if lines[at - 1].strip():
        return False
    above = next(each for each in reversed(lines[:at]) if each.strip())
    is_closed = language.id in _TYPED and above.strip() == "}" and above.startswith("}")
    return is_closed or _is_remark(line, language)


def _is_remark(line: str, language: Language) -> bool:
    mark, block = language.line_comment, language.block_comment
    return bool(mark and line.startswith(mark)) or bool(block and line.startswith(block[0]))


def _without_remarks(code: str, language: Language) -> str:
    """The code without comments at its end: they are about what comes next."""
    lines = code.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or _is_remark(lines[-1].strip(), language)):
        lines.pop()
    return "\n".join(lines)

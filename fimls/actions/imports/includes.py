"""How C and C++ include headers."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.rule import Import, Known, Rule, below_comments

if TYPE_CHECKING:
    from collections.abc import Sequence

_INCLUDE: Final = re.compile(r"#\s*include\s*(<[^>\n]+>|\"[^\"\n]+\")")

# What a header begins with, so that it is read once.
_GUARD: Final = re.compile(r"#\s*(?:pragma\s+once|ifndef\s+\w+|define\s+\w+\s*$)")

_SYSTEM, _OWN = range(2)

# What a name is in is told by the code's own lines: a header declares many.
_NOTHING: Final = Known(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


def read(statement: str) -> list[Import]:
    """The header of a line."""
    found = _INCLUDE.match(statement)
    return [Import(found[1])] if found else []


def write(imports: Sequence[Import], _like: str) -> str:
    """A line for each header."""
    return "\n".join(f"#include {each.module}" for each in imports)


def order(each: Import) -> tuple[int, str]:
    """The system's headers first, then those of the project, each by name."""
    return (_SYSTEM if each.module.startswith("<") else _OWN), each.module


def top(lines: Sequence[str]) -> int:
    """Below a license, and what makes a header be read once."""
    at = below_comments(lines, 0, ("//", "/*", " *"))
    end = at
    while end < len(lines) and (not lines[end].strip() or _GUARD.match(lines[end])):
        end += 1
        at = end if _GUARD.match(lines[end - 1]) else at
    return at


def bound(each: Import) -> str:
    """The name of the header."""
    return each.module.strip('<>"')


RULE: Final = Rule(
    begins=_INCLUDE,
    read=read,
    write=write,
    order=order,
    top=top,
    bound=bound,
    known=_NOTHING,
)
"""The rule of C and C++."""

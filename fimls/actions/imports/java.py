"""How Java imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.names import JAVA
from fimls.actions.imports.rule import Import, Rule, below_comments

if TYPE_CHECKING:
    from collections.abc import Sequence

_IMPORT: Final = re.compile(r"import\s+(static\s+)?([\w.]+)\.([\w*]+)\s*;?")
_PACKAGE: Final = re.compile(r"package\s+[\w.]+\s*;")

_PLAIN, _STATIC = range(2)


def read(statement: str) -> list[Import]:
    """The import of a statement."""
    found = _IMPORT.match(statement)
    return [Import(f"{(found[1] and 'static ') or ''}{found[2]}", found[3])] if found else []


def write(imports: Sequence[Import], _like: str) -> str:
    """A statement for each import."""
    return "\n".join(sorted(f"import {each.module}.{each.item};" for each in imports))


def order(each: Import) -> tuple[int, str]:
    """By name; what is static stands apart."""
    is_static = each.module.startswith("static ")
    return _STATIC if is_static else _PLAIN, f"{each.module}.{each.item}"


def top(lines: Sequence[str]) -> int:
    """Below the package clause, or a license."""
    for at, line in enumerate(lines):
        if _PACKAGE.match(line):
            return at + 1
    return below_comments(lines, 0, ("//", "/*", " *"))


def bound(each: Import) -> str:
    """The name that is brought in."""
    return each.item


RULE: Final = Rule(
    begins=re.compile(r"import\s+(?:static\s+)?[\w.]+"),
    read=read,
    write=write,
    order=order,
    top=top,
    bound=bound,
    known=JAVA,
)
"""Java's rule."""

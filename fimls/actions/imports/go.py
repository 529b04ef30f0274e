"""How Go imports: one by one, or in brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.names import GO
from fimls.actions.imports.rule import Import, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPEC: Final = re.compile(r"(?:([\w.]+)[ \t]+)?[\"`]([^\"`\n]+)[\"`]")

_PACKAGE: Final = re.compile(r"package\s+\w+")

# The library that comes with Go has no host in its paths.
_STANDARD, _OTHER = range(2)


def read(statement: str) -> list[Import]:
    """The imports of a statement, or of a line within its brackets."""
    code = statement.removeprefix("import")
    code = re.sub(r"//[^\n]*", "", code)
    return [Import(path, "", alias) for alias, path in _SPEC.findall(code)]


def write(imports: Sequence[Import], like: str) -> str:
    """A line for each import; within brackets there is no word before it."""
    word = "\t" if is_bracketed(like) else "import "
    return "\n".join(word + _spec(each) for each in imports)


def is_bracketed(text: str) -> bool:
    """Whether a document has its imports in brackets."""
    return re.search(r"^import\s*\($", text, re.MULTILINE) is not None


def order(each: Import) -> tuple[int, str]:
    """What comes with Go stands first."""
    return _OTHER if "." in each.module.partition("/")[0] else _STANDARD, each.module


def top(lines: Sequence[str]) -> int:
    """Below the package clause."""
    found = (at for at, line in enumerate(lines) if _PACKAGE.match(line))
    return next(found, -1) + 1


def bound(each: Import) -> str:
    """The name that is brought in, by the usual rule: a version at the end does not count."""
    if each.alias:
        return each.alias
    parts = [part for part in each.module.split("/") if not re.fullmatch(r"v\d+", part)]
    return parts[-1] if parts else each.module


def _spec(each: Import) -> str:
    return f'{each.alias} "{each.module}"' if each.alias else f'"{each.module}"'


RULE: Final = Rule(
    begins=re.compile(r"import\s*[(\"\w`.]"),
    read=read,
    write=write,
    order=order,
    top=top,
    bound=bound,
    known=GO,
    brackets=("import (", ")"),
)
"""Go's rule."""

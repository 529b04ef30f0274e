"""How Python imports."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.names import PYTHON
from fimls.actions.imports.rule import Import, Rule, below_comments

if TYPE_CHECKING:
    from collections.abc import Sequence

_FROM: Final = re.compile(r"from\s+([.\w]+)\s+import\s+(.*)", re.DOTALL)
_PART: Final = re.compile(r"([\w.*]+)(?:\s+as\s+(\w+))?")
_COMMENT: Final = re.compile(r"#[^\n]*")

_CODING: Final = re.compile(r"#.*?coding[:=]")
_QUOTED: Final = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')")

# The groups, each set off by a blank line (PEP 8).
_FUTURE, _STANDARD, _OTHER, _OWN = range(4)


def read(statement: str) -> list[Import]:
    """The imports of a statement."""
    code = _COMMENT.sub("", statement)
    if found := _FROM.match(code):
        parts = _PART.findall(found[2].replace("\\", " "))
        return [Import(found[1], item, alias) for item, alias in parts]
    parts = _PART.findall(code.partition("import")[2].replace("\\", " "))
    return [Import(module, "", alias) for module, alias in parts]


def write(imports: Sequence[Import], _like: str) -> str:
    """A statement for imports from one module."""
    first = imports[0]
    if not first.item:
        return "\n".join(f"import {each.module}{_as(each)}" for each in imports)
    items = sorted({f"{each.item}{_as(each)}" for each in imports}, key=_by_case)
    return f"from {first.module} import {', '.join(items)}"


def order(each: Import) -> tuple[int, str]:
    """The group of an import; within it, modules stand before what is taken from them."""
    top = each.module.partition(".")[0]
    group = _OWN if not top else _STANDARD if top in sys.stdlib_module_names else _OTHER
    group = _FUTURE if top == "__future__" else group
    return group, f"{1 if each.item else 0} {each.module.lower()}"


def top(lines: Sequence[str]) -> int:
    """Below the shebang, the coding, a license and the documentation string."""
    at = 0
    while at < len(lines) and (lines[at].startswith("#!") or _CODING.match(lines[at])):
        at += 1
    at = below_comments(lines, at, ("#",))
    start = at
    while start < len(lines) and (not lines[start].strip() or lines[start].startswith("#")):
        start += 1
    quoted = _QUOTED.match(lines[start]) if start < len(lines) else None
    if quoted is None:
        return at
    rest = "\n".join(lines[start:])
    end = rest.find(quoted[1], quoted.end())
    after = rest[end + len(quoted[1]) :].partition("\n")[0].strip()
    is_documentation = end >= 0 and (not after or after.startswith("#"))
    return start + rest.count("\n", 0, end) + 1 if is_documentation else at


def bound(each: Import) -> str:
    """The name that is brought in."""
    return each.alias or each.item or each.module.partition(".")[0]


def _as(each: Import) -> str:
    return f" as {each.alias}" if each.alias else ""


def _by_case(item: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as is usual."""
    return (0 if item.isupper() and len(item) > 1 else 1 if item[:1].isupper() else 2), item


RULE: Final = Rule(
    begins=re.compile(r"import\s+\w|from\s+[.\w]+\s+import\b"),
    read=read,
    write=write,
    order=order,
    top=top,
    bound=bound,
    known=PYTHON,
    merges=True,
)
"""Python's rule."""

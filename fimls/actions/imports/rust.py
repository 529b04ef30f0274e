"""How Rust imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.names import RUST
from fimls.actions.imports.rule import Import, Rule, below_comments
from fimls.text.brackets import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_USE: Final = re.compile(r"(?:pub(?:\([^)]*\))?\s+)?use\s+(.*?);?\s*$", re.DOTALL)

# What is about the whole file, and stands before everything else.
_INNER: Final = re.compile(r"#!|//!|extern\s+crate\b")


def read(statement: str) -> list[Import]:
    """The imports of a statement, out of all its braces."""
    code = re.sub(r"//[^\n]*", "", statement)
    found = _USE.match(code)
    return list(_leaves("", found[1])) if found else []


def _leaves(path: str, tree: str) -> Iterator[Import]:
    head, brace, rest = tree.partition("{")
    if not brace:
        name, _, alias = (part.strip() for part in tree.strip().partition(" as "))
        module, _, item = f"{path}{name}".rpartition("::")
        yield Import(module, item, alias)
        return
    inside = rest.rpartition("}")[0]
    for each in parts_of(inside, "{", "}"):
        # The last one may end with a comma, too.
        if each.strip():
            yield from _leaves(path + head.strip(), each.strip())


def write(imports: Sequence[Import], _like: str) -> str:
    """A statement for imports from one module."""
    module = imports[0].module
    items = sorted(f"{each.item} as {each.alias}" if each.alias else each.item for each in imports)
    path = f"{module}::" if module else ""
    return f"use {path}{{{', '.join(items)}}};" if len(items) > 1 else f"use {path}{items[0]};"


def order(each: Import) -> tuple[int, str]:
    """As rustfmt sorts, which keeps the groups that there are."""
    return 0, f"{each.module}::{each.item}"


def top(lines: Sequence[str]) -> int:
    """Below what is about the whole file."""
    at = below_comments(lines, 0, ("//",))
    for end, line in enumerate(lines[at:], at):
        if _INNER.match(line):
            at = end + 1
        elif line.strip():
            break
    return at


def bound(each: Import) -> str:
    """The name that is brought in; `self` brings in the module."""
    own = each.module.rpartition("::")[2] if each.item == "self" else each.item
    return each.alias or own


RULE: Final = Rule(
    begins=re.compile(r"(?:pub(?:\([^)]*\))?\s+)?use\s+[\w:{]"),
    read=read,
    write=write,
    order=order,
    top=top,
    bound=bound,
    known=RUST,
)
"""Rust's rule."""

"""A source file as the laws of the design see it: its imports, calls, functions and classes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Import:
    """One imported module; `late` inside a function, `typing` for the type checker only."""

    line: int
    module: str
    late: bool
    typing: bool


@dataclass(frozen=True)
class Source:
    """A source file; `path` is relative to the repository, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def module(self) -> str:
        """The dotted name, such as `fimls.models.slot`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def room(self) -> str:
        """The room within fimls; a file beside the rooms is one of its own."""
        return room_of(self.module)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self.tree, self, late=False, typing=False))

    @cached_property
    def functions(self) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return tuple(node for node in self.nodes if isinstance(node, kinds))

    @cached_property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        return tuple(node for node in self.nodes if isinstance(node, ast.ClassDef))

    @cached_property
    def calls(self) -> tuple[tuple[int, str], ...]:
        """Line and dotted name of what is called; `?.name` for a method of an expression."""
        found = (node for node in self.nodes if isinstance(node, ast.Call))
        return tuple((node.lineno, dotted(node.func)) for node in found)

    def within(self, *places: str) -> bool:
        """Whether the file is one of the modules, or below one."""
        return any(self.module == place or self.module.startswith(f"{place}.") for place in places)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, without its decorators."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def dotted(node: ast.expr) -> str:
    """The name that is called, with a `?` where it is no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def room_of(module: str) -> str:
    """The room of fimls that a module is in, or "" for the package itself and for others."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "fimls" else ""


def _imports(node: ast.AST, source: Source, *, late: bool, typing: bool) -> Iterator[Import]:
    """The imports below a node; `from a import b` counts as `a.b`, whichever b is."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(node.lineno, alias.name, late, typing)
    elif isinstance(node, ast.ImportFrom):
        start = _absolute(node, source)
        for alias in node.names:
            yield Import(node.lineno, f"{start}.{alias.name}", late, typing)
    late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, source, late=late, typing=typing or guarded)


def _absolute(node: ast.ImportFrom, source: Source) -> str:
    if not node.level:
        return node.module or ""
    package = source.path.removesuffix(".py").split("/")[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])

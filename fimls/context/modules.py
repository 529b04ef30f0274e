"""Which files of a view an import means, in any language, by the path that the import spells."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.repository.facts import FileFacts, RepoView

# What a module's file may be called, behind the path that the import spells.
_ENDINGS: Final = {
    "python": (".py", ".pyi", "/__init__.py", "/__init__.pyi"),
    "javascript": (".js", ".mjs", ".cjs", ".jsx", "/index.js", ".ts", ".d.ts"),
    "typescript": (".ts", ".tsx", ".d.ts", "/index.ts", ".js"),
    "typescriptreact": (".tsx", ".ts", ".d.ts", "/index.tsx", "/index.ts", ".js"),
    "javascriptreact": (".jsx", ".js", ".tsx", ".ts", "/index.js"),
    "rust": (".rs", "/mod.rs", "/lib.rs"),
    "java": (".java",),
    "csharp": (".cs",),
    "php": (".php",),
    "ruby": (".rb",),
    "lua": (".lua", "/init.lua"),
}

# Files that are written as paths with their ending: `#include "a/b.h"`, `./a.js`.
_AS_WRITTEN: Final = ("",)

# Where a project keeps its sources, and what is installed for it, below a folder above the file.
_ROOTS: Final = ("", "src", "lib", "include")

_SEPARATORS: Final = re.compile(r"::|\\|\.|/")

# An import may begin with the project's own name, and end with the name that it takes.
_MOST_DROPPED: Final = 2

# Imports that are looked up; a file with more is generated.
_MOST_IMPORTS: Final = 100


def is_known(view: RepoView, path: str) -> bool:
    """Whether the view knows a file."""
    return path in view.files()


def imported_files(view: RepoView, own: FileFacts) -> tuple[str, ...]:
    """The files of the view that a file imports, in the order of the imports."""
    found: dict[str, None] = {}
    files, roots = view.files(), tuple(_roots(dirname(own.path)))
    for spelled in own.imports[:_MOST_IMPORTS]:
        path = next((path for path in _candidates(spelled, own, roots) if path in files), None)
        if path is not None and path != own.path:
            found[path] = None
    return tuple(found)


def _candidates(spelled: str, own: FileFacts, roots: Sequence[str]) -> Iterator[str]:
    """The paths that an import may mean, the likeliest first."""
    endings = (*_ENDINGS.get(own.language, ()), *_AS_WRITTEN)
    if spelled.startswith("."):
        yield from _relative(spelled, dirname(own.path), endings)
        return
    if "." in spelled and "/" in f"/{spelled}" and own.language in {"c", "cpp"}:
        yield from (root + spelled for root in roots)
        return
    parts = [part for part in _SEPARATORS.split(spelled) if part not in {"crate", "self", ""}]
    for body in _bodies(parts):
        for root in roots:
            yield from (f"{root}{body}{ending}" for ending in endings if ending)


def _relative(spelled: str, folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    if spelled.startswith(("./", "../")):
        body = normpath(join(folder, spelled))
    else:
        # Python's: one dot is the file's own package, each further one the package above.
        dots = len(spelled) - len(spelled.lstrip("."))
        up = "/".join([".."] * (dots - 1))
        body = normpath(join(folder, up, spelled[dots:].replace(".", "/")))
    body = "" if body == "." else body
    yield from ((body + ending).removeprefix("/") for ending in (*endings[-1:], *endings[:-1]))


def _bodies(parts: list[str]) -> Iterator[str]:
    """The path as spelled, then without its last part, then without its first ones."""
    for dropped in range(min(_MOST_DROPPED, len(parts) - 1) + 1):
        yield "/".join(parts[dropped:])
        if len(parts) - dropped > 1:
            yield "/".join(parts[dropped:-1])


def _roots(folder: str) -> Iterator[str]:
    """What paths begin with in a file's folder, in all above it, and where sources are kept."""
    while True:
        for root in _ROOTS:
            path = join(folder, root) if root else folder
            yield f"{path}/" if path else ""
        if not folder:
            return
        folder = dirname(folder)

"""What open documents import from the project's virtual environment: those modules and no others.

An environment has ten times as many files as the project, of which a document uses a few.  Nothing
in it is run, and nothing is read that a link brings in from elsewhere.
"""

from __future__ import annotations

import os
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# What marks a virtual environment, whatever its folder is called, and what it is mostly called.
_MARK: Final = "pyvenv.cfg"
_NAMES: Final = (".venv", "venv", "env")

# Where it keeps what is installed: on Windows, and elsewhere.
_SITES: Final = ("Lib/site-packages", "lib/python3*/site-packages")

_ENDINGS: Final = (".py", "/__init__.py", ".pyi", "/__init__.pyi")
_PACKAGE: Final = ("/__init__.py", "/__init__.pyi")

# What is read for one folder: some 3 MB of memory at the most, and a second of a worker.
_MOST_MODULES: Final = 128

# A package's own module mostly gives what others define: of so many of them at the most.
_MOST_PARTS: Final = 16


class Module(NamedTuple):
    """A file of an environment: where packages lie, and the path from there."""

    site: str
    path: str


class Environment:
    """The environments of a workspace folder, and which of their modules were asked for.

    Both ways to ask look at the disk, and are for a thread.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._sites: dict[str, str] = {}
        self._asked: set[str] = set()

    def imported(self, path: str, imports: Iterable[str]) -> list[Module]:
        """The modules that a document at a path (relative) imports, without those asked for."""
        site = self._site(dirname(path))
        if site is None:
            return []
        plain = (spelled for spelled in imports if not spelled.startswith("."))
        return self._fresh(site, plain)

    def parts(self, module: Module, imports: Iterable[str]) -> list[Module]:
        """The modules of its own that a package imports, without those asked for."""
        package = next(
            (module.path.removesuffix(end) for end in _PACKAGE if module.path.endswith(end)), ""
        )
        if not package:
            return []
        name = package.replace("/", ".")
        whole = (f"{name}{each}" if each.startswith(".") else each for each in imports)
        own = [each for each in whole if each.startswith(f"{name}.")]
        return self._fresh(module.site, own[:_MOST_PARTS])

    def _fresh(self, site: str, imports: Iterable[str]) -> list[Module]:
        paths = [path for spelled in imports if (path := _file_of(site, spelled.split(".")))]
        fresh = [path for path in dict.fromkeys(paths) if path not in self._asked]
        fresh = fresh[: max(0, _MOST_MODULES - len(self._asked))]
        self._asked.update(fresh)
        return [Module(site, path) for path in fresh]

    def _site(self, folder: str) -> str | None:
        """Where the packages for the files in a folder lie; the nearest above it counts."""
        if folder not in self._sites:
            found = next(_sites_in(self._root, folder), None)
            if found is None:
                return self._site(dirname(folder)) if folder else None
            self._sites[folder] = found
        return self._sites[folder]


def _sites_in(root: str, folder: str) -> Iterator[str]:
    """Where the environments that stand in a folder keep their packages."""
    for name in _NAMES:
        home = Path(root, folder, name)
        if not os.path.isfile(home / _MARK):  # noqa: PTH113  Of what may not be asked it says no.
            continue
        for pattern in _SITES:
            for site in sorted(home.glob(pattern), reverse=True):
                # An environment that a link brings in is not a part of the workspace.
                if os.path.realpath(site) == str(site):
                    yield str(site)


def _file_of(site: str, parts: Sequence[str]) -> str | None:
    """The file of a module; None where there is none."""
    if not all(part.isidentifier() for part in parts):
        return None
    body = "/".join(parts)
    files = (f"{site}/{body}{end}" for end in _ENDINGS)
    found = next((file for file in files if os.path.isfile(file)), None)  # noqa: PTH113
    return None if found is None else found[len(site) + 1 :]

"""Which files of a folder may be known at all: ignore files, settings, and the built-in list.

What one of these leaves out, none of the others brings back; a file's own `!` lifts only what the
same kind of file has said before.  Links are not looked at here: nobody follows them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.repository.git_excludes import exclude_files
from fimls.repository.secret_files import is_secret_file
from fimls.repository.wildmatch import Patterns, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_GIT: Final = ".gitignore"
_OURS: Final = ".fimlsignore"
IGNORE_FILES: Final = frozenset({_GIT, _OURS})
"""The files whose change may change what is known of every other."""

_TOP: Final = ".git"

# What tools make, keep or fetch; nobody writes there.
_FOLDERS: Final = frozenset(
    {
        *(".git", ".hg", ".svn", ".bzr", "_darcs", "CVS"),
        *("node_modules", "bower_components", ".yarn", ".pnpm-store", ".next", ".nuxt"),
        *("__pycache__", ".venv", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
        *("site-packages", ".eggs", ".ipynb_checkpoints"),
        *(".gradle", ".idea", ".vs", ".terraform", ".cache", ".direnv"),
    }
)

# What marks a folder as a virtual environment of Python, whatever it is called.
_ENVIRONMENT: Final = "pyvenv.cfg"

# A file of rules that is larger is none.
_MOST_BYTES: Final = 1_000_000

# A repository is looked for in so many folders above at the most.
_MOST_PARENTS: Final = 40


@dataclass(frozen=True, slots=True)
class _Layer:
    """The rules of one file: they are about what is below `base`, a whole path with a slash."""

    base: str
    patterns: Patterns

    def verdict(self, whole: str) -> bool | None:
        """Whether the rules leave a whole path out, keep it in, or do not mention it."""
        return self.patterns.verdict(whole[len(self.base) :])


@dataclass(frozen=True, slots=True)
class _Layers:
    """The rules that hold in a folder, by kind, the nearest last."""

    git: tuple[_Layer, ...] = ()
    ours: tuple[_Layer, ...] = ()


class Sieve:
    """The files of a folder that may be indexed; `exclude` are patterns of the settings.

    Rules are read once, when something in their folder is first asked for.
    """

    def __init__(self, folder: str, exclude: Sequence[str] = ()) -> None:
        self._root = os.path.realpath(folder).replace("\\", "/").rstrip("/")
        self._exclude = Patterns(exclude)
        self._layers: dict[str, _Layers] = {}
        self._entered: dict[str, bool] = {}

    def admits(self, path: str) -> bool:
        """Whether a file (relative, with slashes) may be known."""
        folder = path.rpartition("/")[0]
        if not self.enters(folder) or is_secret_file(f"{self._root}/{path}"):
            return False
        return not self._is_left_out(folder, path)

    def enters(self, folder: str) -> bool:
        """Whether anything in a folder may be known; "" is the whole."""
        known = self._entered.get(folder)
        if known is None:
            may_enter = self._may_enter(folder) if folder else self._may_begin()
            known = self._entered[folder] = may_enter
        return known

    def _may_begin(self) -> bool:
        return not _is_everything(self._root) and not self._around[1]

    def _may_enter(self, folder: str) -> bool:
        above, _, name = folder.rpartition("/")
        if name in _FOLDERS or name in {"", ".", ".."} or not self.enters(above):
            return False
        if is_secret_file(f"{self._root}/{folder}/"):
            return False
        # What may not be entered is no environment either, and is no reason to fail.
        if os.path.exists(f"{self._root}/{folder}/{_ENVIRONMENT}"):  # noqa: PTH110
            return False
        return not self._is_left_out(above, f"{folder}/")

    def _is_left_out(self, folder: str, path: str) -> bool:
        layers, whole = self._rules(folder), f"{self._root}/{path}"
        if self._exclude.verdict(path):
            return True
        return _says_no(layers.git, whole) or _says_no(layers.ours, whole)

    def _rules(self, folder: str) -> _Layers:
        known = self._layers.get(folder)
        if known is None:
            above = self._rules(folder.rpartition("/")[0]) if folder else _Layers(self._around[0])
            here = f"{self._root}/{folder}".rstrip("/")
            git, ours = (_layer(f"{here}/{name}", here) for name in (_GIT, _OURS))
            known = self._layers[folder] = _Layers((*above.git, *git), (*above.ours, *ours))
        return known

    @cached_property
    def _around(self) -> tuple[tuple[_Layer, ...], bool]:
        """The rules of the repository that the folder is a part of; whether they leave it out."""
        root = Path(self._root)
        parents = (root, *root.parents)[:_MOST_PARENTS]
        top = next((each for each in parents if os.path.exists(each / _TOP)), None)  # noqa: PTH110
        if top is None:
            return (), False
        layers: list[_Layer] = []
        for file in exclude_files(top):
            layers += _layer(str(file), top.as_posix())
        for each in reversed(parents[: parents.index(top)]):
            layers += _layer(str(each.parent / _GIT), each.parent.as_posix())
            if _says_no(layers, f"{each.as_posix()}/"):
                return (), True
        return tuple(layers), False


def _layer(file: str, folder: str) -> tuple[_Layer, ...]:
    lines = _lines(Path(file))
    return (_Layer(f"{folder.rstrip('/')}/", Patterns(lines)),) if lines else ()


def _says_no(layers: Sequence[_Layer], whole: str) -> bool:
    """Whether the nearest rule about a whole path leaves it out."""
    for layer in reversed(layers):
        verdict = layer.verdict(whole)
        if verdict is not None:
            return verdict
    return False


def _is_everything(root: str) -> bool:
    """A user's whole home, or a whole disk, is no project, and private."""
    return Path(root) in {Path(Path(root).anchor), Path(os.path.realpath(Path.home()))}


def _lines(file: Path) -> list[str]:
    """The lines of a file of rules; none where there is no such file, or a link in its place."""
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return []
        return lines_of(file.read_bytes().decode(errors="replace"))
    except OSError:
        return []

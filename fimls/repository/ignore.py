"""Which files of a folder may be known at all: ignore files, settings, and the built-in list.

What one of these leaves out, none of the others brings back; a file's own `!` lifts only what the
same kind of file has said before.  Links are not looked at here: nobody follows them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.repository.git_excludes import exclude_files
from fimls.repository.secret_files import is_secret_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathspec import GitIgnoreSpec

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

# A pattern with more stars than this is made to keep the matcher busy, not to match.
_MOST_STARS: Final = 8

# A repository is looked for in so many folders above at the most.
_MOST_PARENTS: Final = 40


@dataclass(frozen=True, slots=True)
class _Layer:
    """The rules of one file: they are about paths below `base`, seen from above by `prefix`."""

    base: str
    prefix: str
    spec: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """Whether the rules leave a path out, keep it in, or do not mention it."""
        return self.spec.check_file(self.prefix + path[len(self.base) :]).include


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
        self._exclude = _spec(exclude)
        self._layers: dict[str, _Layers] = {}
        self._entered: dict[str, bool] = {"": not _is_everything(self._root)}

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
            known = self._entered[folder] = self._may_enter(folder)
        return known

    def _may_enter(self, folder: str) -> bool:
        above, _, name = folder.rpartition("/")
        if name in _FOLDERS or name in {"", ".", ".."} or not self.enters(above):
            return False
        if is_secret_file(f"{self._root}/{folder}/"):
            return False
        if Path(self._root, folder, _ENVIRONMENT).exists():
            return False
        return not self._is_left_out(above, f"{folder}/")

    def _is_left_out(self, folder: str, path: str) -> bool:
        layers = self._rules(folder)
        if self._exclude is not None and self._exclude.check_file(path).include:
            return True
        return _says_no(layers.git, path) or _says_no(layers.ours, path)

    def _rules(self, folder: str) -> _Layers:
        known = self._layers.get(folder)
        if known is None:
            above = self._above() if not folder else self._rules(folder.rpartition("/")[0])
            base = f"{folder}/" if folder else ""
            git, ours = (self._layer(f"{base}{name}", base) for name in (_GIT, _OURS))
            known = _Layers((*above.git, *git), (*above.ours, *ours))
            self._layers[folder] = known
        return known

    def _layer(self, path: str, base: str, prefix: str = "") -> tuple[_Layer, ...]:
        spec = _spec(_lines(Path(self._root, path)))
        return () if spec is None else (_Layer(base, prefix, spec),)

    def _above(self) -> _Layers:
        """The rules of the repository that the folder is a part of."""
        root = Path(self._root)
        parents = (root, *root.parents)[:_MOST_PARENTS]
        top = next((each for each in parents if (each / _TOP).exists()), None)
        if top is None:
            return _Layers()
        above = [each for each in reversed(parents) if each != root and each.is_relative_to(top)]
        files = [(each, top) for each in exclude_files(top)]
        files += [(each / _GIT, each) for each in above]
        layers: list[_Layer] = []
        for file, seen_from in files:
            below = root.relative_to(seen_from).as_posix()
            prefix = "" if below == "." else f"{below}/"
            layers += self._layer(str(file), "", prefix)
        return _Layers(git=tuple(layers))


def _says_no(layers: Iterable[_Layer], path: str) -> bool:
    """Whether the nearest rule about a path leaves it out."""
    for layer in reversed(tuple(layers)):
        verdict = layer.verdict(path)
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
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _spec(lines: Sequence[str]) -> GitIgnoreSpec | None:
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    kept = [line for line in kept if line.replace("**", "").count("*") <= _MOST_STARS]
    if not kept:
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(kept)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in kept if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True

"""The Neovims that the plug-in is tested in, and mini.test, fetched once into the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.editors.cache import UnfetchedError, once, ran
from tests.editors.debian import unpack, with_own_libraries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PACKAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "0.12": ("sid", ("neovim", "neovim-mini.test")),
    "0.10": ("trixie", ("neovim",)),
}
"""The suite of Debian that has each version of Neovim, and what is taken from it.

None has 0.11, and only one has mini.test, which runs in both.
"""


@dataclass(frozen=True, slots=True)
class Neovim:
    """A Neovim with libraries of its own: `program` starts it; `version` is what it says it is."""

    program: Path
    version: str


def neovim(version: str) -> Neovim:
    """The Neovim of that version, such as "0.12".

    Raises UnfetchedError, also where the suite has another version by now.
    """
    program = _root(version) / "usr" / "bin" / "nvim"
    found = ran([program, "--version"]).split()[1].removeprefix("v")
    if not found.startswith(f"{version}."):
        raise UnfetchedError(f"Debian's {PACKAGES[version][0]} has Neovim {found}, not {version}")
    return Neovim(program, found)


def mini_test() -> Path:
    """The folder of mini.test, as it is put on 'runtimepath'.

    Raises UnfetchedError.
    """
    return _root("0.12") / "usr" / "share" / "neovim-mini.test"


def _root(version: str) -> Path:
    return once(f"neovim-{version}", lambda place: _install(*PACKAGES[version], place)) / "root"


def _install(suite: str, packages: Sequence[str], folder: Path) -> None:
    root = unpack(suite, packages, folder)
    with_own_libraries(root / "usr" / "bin" / "nvim", root)

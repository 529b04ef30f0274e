"""Emacs and lsp-mode, fetched once from Debian; eglot comes with Emacs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.editors.cache import once, ran
from tests.editors.debian import unpack, with_own_libraries

if TYPE_CHECKING:
    from pathlib import Path

# The first suite whose lsp-mode has inline completions, which came with version 10.
_SUITE: Final = "sid"

# A compiler is not fetched, so what is not compiled yet stays as it is.
_AS_IT_IS: Final = "(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)"

# What Emacs loads of an installed package by itself.
_LOADED: Final = ("-l", "lsp-mode-autoloads")


@dataclass(frozen=True, slots=True)
class Emacs:
    """An Emacs with its own libraries that knows the packages beside it.

    `command` starts it without a screen and without any settings of the user's, in the
    environment `environ`; `versions` are the names and versions of what is tested.
    """

    command: tuple[str, ...]
    environ: dict[str, str]
    versions: dict[str, str]


def emacs() -> Emacs:
    """Fetches it if it is not there.  Raises UnfetchedError."""
    usr = once("emacs", _install) / "root" / "usr"
    (share,) = usr.glob("share/emacs/[1-9]*")
    (image,) = usr.glob("libexec/emacs/*/*/emacs-*.pdmp")
    packages = sorted((usr / "share" / "emacs" / "site-lisp" / "elpa-src").iterdir())
    # It would look for these where its package is installed.
    environ = {
        **os.environ,
        "EMACSLOADPATH": os.pathsep.join(map(str, [share / "lisp", *packages])),
        "EMACSDATA": str(share / "etc"),
        "EMACSDOC": str(share / "etc"),
        "EMACSPATH": str(image.parent),
    }
    program = (str(usr / "bin" / "emacs-nox"), f"--dump-file={image}", "-Q", "--batch")
    command = (*program, "--eval", _AS_IT_IS, *_LOADED)
    (lsp_mode,) = (each.name.rpartition("-")[2] for each in packages if "lsp-mode" in each.name)
    eglot = ran([*command, "-l", "eglot", "--eval", _EGLOT_VERSION], environ=environ)
    return Emacs(command, environ, {"Emacs": share.name, "eglot": eglot, "lsp-mode": lsp_mode})


_EGLOT_VERSION: Final = """\
(progn (require 'lisp-mnt)
       (princ (lm-version (locate-library "eglot.el" t))))
"""


def _install(folder: Path) -> None:
    root = unpack(_SUITE, ["emacs-nox", "elpa-lsp-mode"], folder)
    with_own_libraries(root / "usr" / "bin" / "emacs-nox", root)

"""The files of rules that Git reads outside the tree: the user's own, and the repository's.

As `gitignore(5)` and `git-config(1)` have it, without running Git: a command for each folder would
take longer than reading it, and a repository's own settings name commands that are to be run.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_GIT: Final = ".git"

# A file that is larger is no file of settings.
_MOST_BYTES: Final = 1_000_000

_SECTION: Final = re.compile(r'\s*\[\s*([\w.-]+)\s*("(?:[^"\\]|\\.)*")?\s*\]')
_EXCLUDES_FILE: Final = re.compile(
    r'\s*excludesfile\s*=\s*(?:"([^"\n]*)"|([^#;\n]*))', re.IGNORECASE
)

# Where a `.git` that is a file says that the folder is.
_GIT_FOLDER: Final = re.compile(r"gitdir:\s*(.+?)\s*\Z")


def exclude_files(top: Path) -> tuple[Path, ...]:
    """The files of rules for the repository at `top`, which need not be there; the last one wins.

    All of them are about paths below `top`.
    """
    return (*_of_the_user(), _of_the_repository(top))


def _of_the_user() -> tuple[Path, ...]:
    try:
        home = Path.home()
    except RuntimeError:
        return ()
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    named = _named_in(settings / "config")
    named = _named_in(home / ".gitconfig") or named
    # The file is the user's: it may be a link, to where settings are kept together.
    file = Path(os.path.expanduser(named)) if named else settings / "ignore"  # noqa: PTH111
    return (Path(os.path.realpath(file)),) if file.is_absolute() else ()


def _of_the_repository(top: Path) -> Path:
    """The repository's own; those of a worktree are kept with the repository that it is of."""
    said = _GIT_FOLDER.match(_text(top / _GIT))
    folder = top / said[1] if said is not None else top / _GIT
    return folder / (_text(folder / "commondir").strip() or ".") / "info" / "exclude"


def _named_in(config: Path) -> str:
    """The value of `core.excludesFile` in a file of Git's settings; "" for none."""
    section, value = "", ""
    for line in _text(config).splitlines():
        heading = _SECTION.match(line)
        if heading is not None:
            section = "" if heading[2] else heading[1].lower()
        found = _EXCLUDES_FILE.match(line[heading.end() if heading else 0 :])
        if found is not None and section == "core":
            value = (found[1] or found[2] or "").strip()
    return value


def _text(file: Path) -> str:
    try:
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return ""
        return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""

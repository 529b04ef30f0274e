"""The URIs of documents: which are worked on, and which file each one means."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from fimls.text.encodable import encodable

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMES: Final = frozenset({"file", "untitled", "vscode-notebook-cell", "vscode-remote"})
"""Documents that a user writes; others are views (`git`, `output`, a search's results, …)."""


def is_document(uri: str) -> bool:
    """Whether a URI is of a scheme that is worked on."""
    scheme, _, _ = _parts(uri)
    return scheme in SCHEMES


def path_of(uri: str) -> str:
    """The whole path that a URI means, with slashes, without its percent signs.

    A Windows drive is given as `c:/…`, its letter in lower case: editors differ in that.
    The host of a shared folder or of a remote machine is left out.
    """
    _, _, path = _parts(uri)
    return path


def relative_path(uri: str, folders: Iterable[str]) -> str:
    """A document's path relative to the innermost of the workspace folders that it is in.

    The file's name alone where it is in none of them.  Schemes need not agree: the cell of a
    notebook and an untitled document lie in the folder that their path lies in.
    """
    _, host, path = _parts(uri)
    inner = ""
    for folder in folders:
        _, folder_host, folder_path = _parts(folder)
        root = folder_path.rstrip("/") + "/"
        if host == folder_host and path.startswith(root) and len(root) > len(inner):
            inner = root
    return path[len(inner) :] if inner else path.rpartition("/")[2]


# RFC 3986, appendix B, as far as it is needed here.  Unlike `urlsplit`, it takes any text at all.
_URI: Final = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)", re.DOTALL)
# No file is named so, and no system looks for one.
_NOTHING: Final = "\N{REPLACEMENT CHARACTER}"

_DRIVE: Final = re.compile(r"/([A-Za-z]):(?=[/\\]|$)")


# Each key asks for those of its document several times, and of the folders.
@lru_cache(maxsize=256)
def _parts(uri: str) -> tuple[str, str, str]:
    """Scheme, host and path; the first two in lower case, "" for this machine."""
    found = _URI.match(uri)
    scheme, host, path = found.groups(default="") if found else ("", "", uri)
    host, path = unquote(host).lower(), encodable(unquote(path)).replace("\0", _NOTHING)
    return scheme.lower(), "" if host == "localhost" else host, _with_drive(path)


def _with_drive(path: str) -> str:
    drive = _DRIVE.match(path)
    if drive is None:
        return path
    return f"{drive[1].lower()}:{path[drive.end() :]}".replace("\\", "/")

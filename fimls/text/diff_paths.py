"""The file that a diff means, out of those that it may change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.text.hunks import Refused

if TYPE_CHECKING:
    from collections.abc import Collection

# What stands for a file where there is only one; it is no file's name.
_NAMELESS: Final = frozenset(
    {"", "a", "b", "original", "modified", "old", "new", "before", "after", "updated", "fixed"}
)

_ABSOLUTE: Final = re.compile(r"/|~|[A-Za-z]:|\w+://")

# What git puts before paths; only where there is more, since a folder may be called that.
_SIDE: Final = re.compile(r"(?:a|b|i|w)/(?=.)")


def path_meant(named: str, paths: Collection[str]) -> str | Refused:
    """Which of `paths` a diff means by the name that it has, "" for none.

    A name may leave out the folders above where that leaves no doubt.  All else is refused: what
    is absolute, leads upwards, or simply is no file of the request.
    """
    asked = ", ".join(f"`{path}`" for path in paths)
    name = named.replace("\\", "/")
    if name in paths:
        return name
    if name.lower() in _NAMELESS:
        if len(paths) == 1:
            return next(iter(paths))
        return Refused(f"The diff does not say which file it changes. Name one of {asked}.")
    if _ABSOLUTE.match(name) or ".." in name.split("/"):
        return Refused(f"`{named}` leads out of the project. Only {asked} may be changed.")
    name = name.removeprefix("./")
    for each in (name, _SIDE.sub("", name, count=1)):
        if each in paths:
            return each
        ending = [path for path in paths if path.replace("\\", "/").endswith(f"/{each}")]
        if len(ending) == 1:
            return ending[0]
        if ending:
            return Refused(f"`{named}` may be several files. Name one of {asked} in full.")
    return Refused(
        f"`{_SIDE.sub('', name, count=1)}` is no file of this request. Only {asked} may be changed."
    )

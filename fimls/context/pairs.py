"""Pairs: the file that a test is about, the test of a file, the header of a source."""

from __future__ import annotations

import re
from posixpath import basename, splitext
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.repository.facts import RepoView

# How tests are named after what they test: test_x, x_test, x.test, x.spec, XTest, XTests, XSpec.
_TEST: Final = re.compile(
    r"(?:test_(?P<after>\w+)|(?P<before>[\w.]+?)(?:[_.-](?:test|spec)|Tests?|Spec))\Z"
)

_HEADERS: Final = (".h", ".hpp", ".hh", ".hxx")
_SOURCES: Final = (".c", ".cc", ".cpp", ".cxx", ".m", ".mm")

# A name that many files have says nothing.
_MOST: Final = 3


def pairs_of(view: RepoView, path: str) -> tuple[str, ...]:
    """The files of a view that belong to a file by their names, the nearest first."""
    names = tuple(dict.fromkeys(_names(basename(path))))
    if not names:
        return ()
    files, tails = view.files(), tuple(f"/{name}" for name in names)
    found = {each for each in files if each.endswith(tails)}
    found = found.union(each for each in names if each in files) - {path}
    if len(found) > _MOST:
        return ()
    return tuple(sorted(found, key=lambda each: (-_in_common(each, path), each)))


def _names(name: str) -> Iterator[str]:
    """The names that the pair of a file may have."""
    stem, ending = splitext(name)
    if ending in _SOURCES:
        yield from (stem + other for other in _HEADERS)
    elif ending in _HEADERS:
        yield from (stem + other for other in _SOURCES)
    test = _TEST.match(stem)
    if test is not None:
        subject = test["after"] or test["before"]
        yield from (subject + ending, f"_{subject}{ending}")


def _in_common(one: str, other: str) -> int:
    """How many folders two files have in common, from the top or the bottom."""
    return len(set(one.split("/")[:-1]) & set(other.split("/")[:-1]))

"""Files that belong together by their names."""

from __future__ import annotations

import pytest

from fimls.context.pairs import pairs_of
from fimls.evaluation.context_view import MemoryView


@pytest.mark.parametrize(
    ("path", "files", "found"),
    [
        ("tests/test_a.py", ["src/a.py", "src/b.py"], ("src/a.py",)),
        ("pkg/a_test.go", ["pkg/a.go", "other/b.go"], ("pkg/a.go",)),
        ("web/a.spec.ts", ["web/a.ts"], ("web/a.ts",)),
        ("a/XTest.java", ["b/X.java"], ("b/X.java",)),
        ("src/a.cpp", ["src/a.hpp", "src/b.hpp"], ("src/a.hpp",)),
        ("src/a.h", ["src/a.c"], ("src/a.c",)),
        # The one in a folder of the same name comes first.
        ("tests/x/test_a.py", ["src/a.py", "src/x/a.py"], ("src/x/a.py", "src/a.py")),
        # A name that everything has says nothing.
        ("tests/test_a.py", [f"{n}/a.py" for n in range(9)], ()),
        ("src/a.py", ["src/b.py"], ()),
    ],
)
def test_pairs(path: str, files: list[str], found: tuple[str, ...]) -> None:
    view = MemoryView("/p", dict.fromkeys([*files, path], ""))
    assert pairs_of(view, path) == found

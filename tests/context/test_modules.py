"""Imports lead to files, by the path that they spell."""

from __future__ import annotations

import pytest

from fimls.context.modules import imported_files
from fimls.evaluation.context_view import MemoryView
from fimls.repository.facts import FileFacts


@pytest.mark.parametrize(
    ("path", "language", "spelled", "files", "found"),
    [
        # Beside the file, above it, and below the folder of the sources.
        ("pkg/a.py", "python", "pkg.b", ["pkg/b.py"], "pkg/b.py"),
        ("pkg/sub/a.py", "python", "pkg.b", ["pkg/b.py"], "pkg/b.py"),
        ("tests/test_a.py", "python", "pkg.b", ["src/pkg/b.py"], "src/pkg/b.py"),
        # A package is its file.
        ("a.py", "python", "pkg", ["pkg/__init__.py"], "pkg/__init__.py"),
        # The last part may be what is imported.
        ("a.py", "python", "pkg.b.name", ["pkg/b.py"], "pkg/b.py"),
        # Dots count packages.
        ("pkg/sub/a.py", "python", "..b", ["pkg/b.py"], "pkg/b.py"),
        ("pkg/a.py", "python", ".b", ["pkg/b.py"], "pkg/b.py"),
        ("web/a.ts", "typescript", "./b", ["web/b.ts"], "web/b.ts"),
        ("web/sub/a.ts", "typescript", "../b", ["web/b/index.ts"], "web/b/index.ts"),
        ("src/a.rs", "rust", "crate::b::Thing", ["src/b.rs"], "src/b.rs"),
        ("src/com/x/A.java", "java", "com.x.B", ["src/com/x/B.java"], "src/com/x/B.java"),
        ("src/a.c", "c", "b.h", ["include/b.h"], "include/b.h"),
        # What is not there is not found.
        ("a.py", "python", "json", ["pkg/b.py"], None),
    ],
)
def test_an_import_leads_to_a_file(
    path: str, language: str, spelled: str, files: list[str], found: str | None
) -> None:
    view = MemoryView("/p", dict.fromkeys([*files, path], ""))
    own = FileFacts(path, language, imports=(spelled,))
    assert imported_files(view, own) == (() if found is None else (found,))

"""Remarks that stand for code are told from comments that say something."""

from __future__ import annotations

import pytest

from fimls.actions.elisions import elision_in
from fimls.text.languages import language_of


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "# ..."),
        ("python", "    # ... rest of the code"),
        ("python", "# ... (other methods) ..."),
        ("python", "# rest of the function"),
        ("python", "# The rest of your code remains the same"),
        ("python", "# your code here"),
        ("python", "# TODO: implement"),
        ("typescript", "// existing code"),
        ("typescript", "// ... existing code ..."),
        ("typescript", "/* same as before */"),
        ("typescript", "{/* ... */}"),
        ("typescript", "  ..."),
        ("sql", "-- the remaining lines"),
    ],
)
def test_an_elision_is_found(language: str, line: str) -> None:
    code = f"a\n{line}\nb"

    assert elision_in(code, "", language_of(language)) == line.strip()
    # What the document says itself is the author's own.
    assert elision_in(code, f"{line}\n", language_of(language)) is None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "..."),
        ("python", "# the order is the same"),
        ("python", "# ...then sort them"),
        ("python", "# other films by the same director"),
        ("python", "# TODO: ask somebody"),
        ("python", "x = '# ... rest of the code'"),
        ("typescript", "// existing files are kept"),
        ("typescript", "...rest,"),
        ("rust", "/// Returns the rest of them."),
    ],
)
def test_a_comment_is_none(language: str, line: str) -> None:
    assert elision_in(line, "", language_of(language)) is None

"""Blanks at the end go where the line ends, and stay before code."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The line ends there.
        ("x = ├1  \n\n┤\n", "x = ├1┤\n"),
        # Only blanks stand behind the cursor.
        ("x = ├1  ┤  \n", "x = ├1┤  \n"),
    ],
)
def test_blanks_at_the_end_are_dropped(raw: str, shown: str) -> None:
    check_filter("trailing blanks", raw, shown)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # The blank keeps the words apart.
        ("javascript", "async function f() {\n  return ├await ┤fetch(x);\n}\n"),
        ("python", "x = ├not ┤y\n"),
    ],
)
def test_a_blank_before_code_stays(language: str, clean: str) -> None:
    check_fit(clean, clean, extent=LINE, language=language)


def test_clean_in_clean_out() -> None:
    clean = "├a = 1\n\nb = 2┤\n"
    check_filter("trailing blanks", clean, clean)

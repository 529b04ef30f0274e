"""Carriage returns go."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import LINE, check_filter, check_fit


def test_carriage_returns_are_removed() -> None:
    check_filter("line ends", "├a = 1\r\nb = 2\r\r\n┤", "├a = 1\nb = 2\n┤")


def test_a_line_ends_before_its_carriage_return() -> None:
    # Streamed, the carriage return comes before it is known that the line is over.
    check_fit("x = ├1\r\ny = 2\r\n┤\n", "x = ├1┤\n", extent=LINE)


@pytest.mark.parametrize(
    "clean",
    [
        # Other characters at which Python splits lines are text.
        "├a = '\u2028'\nb = '\x0c'\n┤",
        "├a = 1┤",
    ],
)
def test_clean_in_clean_out(clean: str) -> None:
    check_filter("line ends", clean, clean)

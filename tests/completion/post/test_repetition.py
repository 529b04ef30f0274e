"""Loops are cut after the first time round."""

from __future__ import annotations

import pytest

from fimls.completion.values import Reason
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # A line over and over.
        (
            "def f():\n    ├x = g()\n    x += 1\n    x += 1\n    x += 1\n    x += 1\n┤",
            "def f():\n    ├x = g()\n    x += 1┤",
        ),
        # A pair of lines three times.
        (
            "def f():\n    ├a()\n    b()\n    a()\n    b()\n    a()\n    b()\n┤",
            "def f():\n    ├a()\n    b()┤",
        ),
        # A block of four, blank lines set aside: twice is enough.
        (
            "├a = 1\nb = 2\nc = 3\nd = 4\n\na = 1\nb = 2\nc = 3\nd = 4\n┤",
            "├a = 1\nb = 2\nc = 3\nd = 4┤",
        ),
    ],
)
def test_a_loop_of_lines_is_cut(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


def test_a_line_that_never_ends_is_dropped() -> None:
    # The stream is ended when it is seen, long before the line would be.
    check_fit("x = [├" + "item, " * 40 + "┤", Reason.EMPTY, extent=LINE, cut=True)
    check_filter("repetition", "x = [├" + "item, " * 40 + "┤", Reason.REPEATS)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # Twice is how authors write.
        ("python", "├x.next()\nx.next()\ny = 1┤\n"),
        # Blocks close one after the other.
        ("c", "├        }\n        }\n        }\n┤"),
        # A table has many equal numbers, and a heading many dashes.
        ("python", "m = [├" + "0, " * 30 + "0]┤\n"),
        ("python", "├# " + "-" * 120 + "\nx = 1┤\n"),
        # Lines that count up are no loop.
        ("python", "├a1 = 1\na2 = 2\na3 = 3\na4 = 4┤\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("repetition", clean, clean, language=language)

"""Thoughts before an answer are not shown, and nothing is shown while they go on."""

from __future__ import annotations

import pytest

from fimls.completion.post import fit
from fimls.completion.values import More, Reason
from fimls.testing.marks import marked
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit, site_of


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # On lines of their own, with an empty line after them.
        (
            "def f(x):\n    ├<think>\nHm.\n</think>\n\n    return x┤\n",
            "def f(x):\n    ├return x┤\n",
        ),
        # On one line.
        ("def f(x):\n    ├<think>Hm.</think>\nreturn x┤\n", "def f(x):\n    ├return x┤\n"),
        # After a header the answer begins on the next line.
        (
            "def f(x):├<think>\n</think>\n\n    return x┤\n",
            "def f(x):├\n    return x┤\n",
        ),
    ],
)
def test_thoughts_are_dropped(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


def test_thoughts_alone_are_nothing() -> None:
    check_fit("x = ├<think>\nHm.\n┤", Reason.EMPTY, extent=LINE, cut=True)


def test_nothing_is_shown_while_the_model_thinks() -> None:
    site = site_of(marked("x = █\n"), LINE, "python")

    assert fit("<think>\nx = 1\n", site, done=False) == More()


@pytest.mark.parametrize(
    "clean",
    [
        # A mark within the text is the author's.
        'x = ├"<think>"┤\n',
        "├y = 1\n# <think>\n# </think>┤\n",
    ],
)
def test_clean_in_clean_out(clean: str) -> None:
    check_filter("thoughts", clean, clean)

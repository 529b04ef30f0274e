"""Where an author goes on is where a line was begun and not written."""

from __future__ import annotations

import pytest

from fimls.completion.resume import place_to_go_on
from fimls.testing.marks import marked


@pytest.mark.parametrize(
    "picture",
    [
        # The editor has indented a line, and nothing is on it.
        "def f():\n    █\n\nprint(f())\n",
        # With tabs, and at the end of the file.
        "def f():\n\t█",
    ],
)
def test_a_line_that_was_begun(picture: str) -> None:
    drawn = marked(picture)

    assert place_to_go_on(drawn.text) == drawn.offset


@pytest.mark.parametrize(
    "text",
    [
        # Blank lines are everywhere.
        "a = 1\n\nb = 2\n",
        # Two of them: somebody does not mind blanks at line ends.
        "def f():\n    \n    return 1\n    \n",
        # Blanks after code.
        "a = 1   \nb = 2\n",
        # Nothing at all.
        "",
    ],
)
def test_nowhere_in_particular(text: str) -> None:
    assert place_to_go_on(text) is None

"""What only repeats the prompt is not shown."""

from __future__ import annotations

import pytest

from fimls.completion.values import Reason
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The line that the author has begun is begun again.
        ("def f(x):\n    return ├return x + 1┤\n", "def f(x):\n    return ├x + 1┤\n"),
        ("def f(x):\n    return ├    return x + 1┤\n", "def f(x):\n    return ├x + 1┤\n"),
        # The name of a file stands above a snippet in many prompts.
        ("import os\n├# Path: src/a.py\nx = 1┤\n", "import os\n├x = 1┤\n"),
    ],
)
def test_a_line_goes_on_where_the_author_is(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=LINE)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The last lines are said again before it goes on.
        (
            "def add(a, b):\n    c = a\n    ├def add(a, b):\n    c = a\n    return c + b\n┤",
            "def add(a, b):\n    c = a\n    ├return c + b┤",
        ),
        # The cursor stands at the end of the last of them.
        (
            "import os\ndef add(a, b):├import os\ndef add(a, b):\n    return a + b\n┤",
            "import os\ndef add(a, b):├\n    return a + b┤",
        ),
    ],
)
def test_lines_that_the_prompt_ends_with_are_dropped(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


def test_a_mere_echo_is_dropped_whole() -> None:
    check_fit("a = 1\nb = 2\n├a = 1\nb = 2┤\n", Reason.ECHO)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # A call of itself repeats the begin of the line by right.
        ("python", "f(├f(x))┤\n"),
        # Closing brackets recur everywhere.
        ("javascript", "  })\n})\n├  })\n})\nfoo()┤\n"),
        # One line like the one above is no echo.
        ("python", "x.append(1)\n├x.append(1)\nx.append(2)┤\n"),
        # A comment about a path names no file of the prompt.
        ("python", "├# path of the file to read\nx = 1┤\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("prompt echo", clean, clean, language=language)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # The head of the prompt is begun anew before there is anything else.
        ("x = 1\n├# shop/orders.py\n# class Order\ny = 2┤\n", "x = 1\n├y = 2┤\n"),
        # Then it is dropped as a whole.
        ("x = 1\n├# shop/orders.py\n# class Order┤\n", Reason.ECHO),
        # After something of the author's own only that is shown.
        ("x = 1\n├y = 2\n# class Order\nz = 3\n┤", "x = 1\n├y = 2┤"),
        ("def f():\n    ├y = 2\n\n\n# shop/orders.py\nz = 3\n┤", "def f():\n    ├y = 2┤"),
        # Another comment is the author's.
        ("x = 1\n├# class Orders\ny = 2┤\n", "x = 1\n├# class Orders\ny = 2┤\n"),
    ],
)
def test_what_the_prompt_tells_of_other_files_is_dropped(raw: str, shown: str | Reason) -> None:
    told = frozenset({"# shop/orders.py", "# class Order", "# app.py"})
    check_fit(raw, shown, extent=BLOCK, told=told)

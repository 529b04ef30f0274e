"""The window: steps at its head, whole lines at its tail, no secret in it."""

from __future__ import annotations

import pytest

from fimls.context.secrets import MASK
from fimls.context.window import Budget, cut, in_key_block
from fimls.text.hole import Hole
from fimls.text.languages import language_of

PYTHON = language_of("python")


def hole(picture: str, preamble: str = "") -> Hole:
    before, after = picture.split("█")
    return Hole(before + after, len(before), PYTHON, preamble=preamble)


def words(text: str) -> int:
    """A simple count for tests: a token is a word or a line end."""
    return len(text.split()) + text.count("\n")


def lines(first: int, last: int) -> str:
    return "".join(f"line {number}\n" for number in range(first, last + 1))


@pytest.mark.parametrize(
    ("picture", "budget", "prefix", "suffix"),
    [
        # All of it fits.
        ("a\nb█c\nd\n", Budget(10, 10), "a\nb", "c\nd\n"),
        # After the hole only whole lines, so that the end does not move with each key.
        ("x█ y\n1 1 1\n2 2 2\n", Budget(10, 6), "x", " y\n1 1 1\n"),
        # Not even the hole's own line fits: the text beside the hole is what matters.
        ("a b c d e f█", Budget(2, 1), " e f", ""),
        # An empty document.
        ("█", Budget(10, 10), "", ""),
    ],
)
def test_cut(picture: str, budget: Budget, prefix: str, suffix: str) -> None:
    window = cut(hole(picture), budget, words)

    assert (window.prefix, window.suffix) == (prefix, suffix)


def test_the_head_moves_in_steps_of_32_lines() -> None:
    # 3 tokens a line: 100 lines fit.
    budget = Budget(300, 0)
    starts = set()
    for last in range(200, 264):
        window = cut(hole(lines(1, last) + "█"), budget, words)
        starts.add(int(window.prefix.split()[1]))

    assert starts == {129, 161, 193}
    assert all((start - 1) % 32 == 0 for start in starts)


def test_long_lines_are_not_stepped_over() -> None:
    text = "".join("word " * 20 + f"{number}\n" for number in range(40)) + "█"

    window = cut(hole(text), Budget(100, 0), words)

    assert window.prefix.endswith("39\n")
    assert words(window.prefix) > 50


def test_a_line_of_two_megabytes_is_cut_quickly() -> None:
    window = cut(hole("x" * 2_000_000 + " y█" + "z" * 2_000_000), Budget(10, 10), len)

    assert 0 < len(window.prefix) <= 10
    assert 0 < len(window.suffix) <= 10


def test_the_cells_above_belong_to_the_prefix() -> None:
    window = cut(hole("b = a█", preamble="a = 1\n"), Budget(50, 50), words)

    assert window.prefix == "a = 1\nb = a"


@pytest.mark.parametrize(
    "picture",
    [
        # An assignment.
        'password = "hunter2hunter2"\nx = █\n',
        # After the hole.
        'x = █\npassword = "hunter2hunter2"\n',
        # A key whose beginning is above the window.
        "-----BEGIN RSA PRIVATE KEY-----\n"
        + "hunter2hunter2\n" * 200
        + "-----END RSA PRIVATE KEY-----\nx = █",
        # A key whose end is below the window.
        "x = █\n-----BEGIN RSA PRIVATE KEY-----\n" + "hunter2hunter2\n" * 200,
    ],
)
def test_no_secret_is_in_the_window(picture: str) -> None:
    window = cut(hole(picture), Budget(100, 100), words)

    assert "hunter2" not in window.prefix + window.suffix
    assert MASK in window.prefix + window.suffix


@pytest.mark.parametrize(
    ("picture", "inside"),
    [
        ("-----BEGIN PRIVATE KEY-----\nabc█", True),
        ("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nx█", False),
        ("x█\n-----BEGIN PRIVATE KEY-----", False),
        # Code that speaks of keys.
        ('if text.startswith("-----BEGIN PRIVATE KEY-----"):\n    x█', False),
    ],
)
def test_inside_a_key(picture: str, inside: bool) -> None:
    place = hole(picture)

    assert in_key_block(place.text, place.offset) is inside

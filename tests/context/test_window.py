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
        # Lines are added after the hole only until there is enough.
        ("x█\n1 1 1\n2 2 2\n3 3 3\n", Budget(10, 50, suffix_chars=8), "x", "\n1 1 1\n2 2 2\n"),
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


@pytest.mark.parametrize("first", [*range(200, 232, 4)])
def test_a_function_is_always_there(first: int) -> None:
    # 15 characters and 6 tokens a line: a step that leaves half of the tokens is not enough.
    text = "".join(f"a b c d e {number:04}\n" for number in range(first))

    window = cut(hole(f"{text}█"), Budget(1024, 0), words)

    assert len(window.prefix) >= 1500


def test_the_head_stays_where_it_was_for_as_long_as_it_fits() -> None:
    budget = Budget(300, 0)
    starts, keep = set(), None
    for last in range(200, 232):
        window = cut(hole(lines(1, last) + "█"), budget, words, keep=keep)
        starts.add(keep := window.start)

    # Without that it would have moved as soon as 50 lines were left after the next step.
    assert len(starts) <= 2


@pytest.mark.parametrize(
    "keep",
    [
        # Too far back by now, or too near; no line start; in another text.
        0,
        len(lines(1, 190)),
        len(lines(1, 140)) + 3,
        10_000,
    ],
)
def test_a_head_that_is_no_good_any_more_is_not_kept(keep: int) -> None:
    place, budget = hole(lines(1, 200) + "█"), Budget(300, 0)

    assert cut(place, budget, words, keep=keep) == cut(place, budget, words)


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
        # The same as strings in code.
        'k = [\n"-----BEGIN RSA PRIVATE KEY-----",\n'
        + '"hunter2hunter2",\n' * 200
        + '"-----END RSA PRIVATE KEY-----"]\nx = █',
        # With the cursor in its midst, above the value, within a long string.
        'password = (\n█\n    "hunter2hunter2"\n)',
        'token = """\nopen sesame █\nhunter2hunter2\n"""',
        # A line that is cut in the midst of it.
        "x = '" + "a b " * 200 + "' ; token = '" + "hunter2 " * 150 + "' + █",
        "x = █ + '" + "a b " * 46 + "ghp_hunter2" + "hunter2" * 9 + " " + "b " * 200,
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
        # A begin without an end, and more below it than any key has.
        ("-----BEGIN PRIVATE KEY-----\n" + "abc\n" * 30_000 + "x█", False),
        # A long one has an end somewhere below.
        ("-----BEGIN PRIVATE KEY-----\n" + "abc\n" * 20_000 + "a█", True),
        # Code that speaks of keys.
        ('if text.startswith("-----BEGIN PRIVATE KEY-----"):\n    x█', False),
    ],
)
def test_inside_a_key(picture: str, inside: bool) -> None:
    place = hole(picture)

    assert in_key_block(place.text, place.offset) is inside

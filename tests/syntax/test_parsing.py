"""A text is parsed piece by piece, and comes to the same tree."""

from __future__ import annotations

import pytest

from fimls.syntax.effort import Effort
from fimls.syntax.parsing import Parsing
from fimls.syntax.tree import Tree, parse

# 300 functions: about 60 progress callbacks.
LONG = "".join(f"def f{n}(a, b):\n    return [a, b, {n}]\n\n\n" for n in range(300))


def in_pieces(parsing: Parsing, calls: int) -> tuple[Tree, int]:
    """The tree, and how many pieces it took."""
    for pieces in range(1, 1000):
        tree = parsing.go_on(Effort(calls))
        if tree is not None:
            return tree, pieces
    raise AssertionError("it does not end")


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        # Where the parser looks for its way out of a fault it may be stopped as well.
        LONG[: len(LONG) // 2] + "x = (\n" + LONG[len(LONG) // 2 :],
    ],
)
def test_pieces(text: str) -> None:
    whole = parse(text, "python")
    assert whole is not None

    tree, pieces = in_pieces(Parsing(text, "python"), 7)

    assert pieces > 5
    assert str(tree.root) == str(whole.root)
    assert tree.text == text


def test_from_an_earlier_tree() -> None:
    earlier = parse(LONG, "python")
    changed = LONG.replace("150]", "151]")

    anew, from_earlier = Parsing(changed, "python"), Parsing(changed, "python", earlier)
    in_pieces(anew, 1000)
    in_pieces(from_earlier, 1000)

    assert (anew.is_anew, from_earlier.is_anew) == (True, False)
    assert from_earlier.spent < anew.spent


def test_others_may_parse_in_between() -> None:
    parsing = Parsing(LONG, "python")
    assert parsing.go_on(Effort(10)) is None

    between = parse("x = 1\n", "python")
    tree, _pieces = in_pieces(parsing, 1000)

    assert between is not None
    assert str(between.root).startswith("(module (expression_statement (assignment")
    assert tree.root.end_byte == len(LONG)


def test_no_grammar() -> None:
    parsing = Parsing("x", "cobol")
    assert parsing.is_hopeless
    assert parsing.go_on(Effort(10)) is None


def test_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.syntax.parsing._MOST_CALLS", 20)
    parsing = Parsing(LONG, "python")
    for _ in range(3):
        assert parsing.go_on(Effort(10)) is None
    assert parsing.is_hopeless
    assert parsing.go_on(Effort(1000)) is None

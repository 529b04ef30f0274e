"""A tree made from an earlier one is the tree that the text alone would have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.syntax.effort import Effort
from fimls.syntax.faults import Fault
from fimls.syntax.tree import Tree, is_sound_with, parse, splice

# 300 functions: about 60 progress callbacks.
LONG = "".join(f"def f{n}(a, b):\n    return [a, b, {n}]\n\n\n" for n in range(300))

# Pieces that are whole, half and wrong, and characters of all sizes.
PIECES = st.lists(
    st.sampled_from(
        ["def f(a):\n", "    x = 1\n", "y = (", ")\n", '"""', "é = '€😀'\n", "if", " "]
    ),
    max_size=8,
).map("".join)


def tree_of(text: str, grammar: str = "python") -> Tree:
    tree = parse(text, grammar)
    assert tree is not None
    return tree


def shape(tree: Tree) -> str:
    return str(tree.root)


def test_a_tree() -> None:
    tree = tree_of("é = 1\n")

    assert tree.text == "é = 1\n"
    assert tree.source == "é = 1\n".encode()
    assert tree.root.end_byte == 7
    assert (tree.byte(2), tree.offset(3)) == (3, 2)
    assert tree.faults == ()


@pytest.mark.parametrize("grammar", [None, "cobol"])
def test_no_tree_without_a_grammar(grammar: str | None) -> None:
    assert parse("x", grammar) is None


def test_half_a_surrogate_pair_does_not_hinder() -> None:
    assert tree_of("x = '\ud83d'\n").faults == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Nothing has changed.
        ("x = 1\n", "x = 1\n"),
        # From nothing, and to nothing.
        ("", "x = 1\n"),
        ("x = 1\n", ""),
        # A repeated character, of which nobody knows which one was added.
        ("x = aaa\n", "x = aaaa\n"),
        # Characters that share their first or last bytes: é and è, 😀 and 😁.
        ("x = 'é'\n", "x = 'è'\n"),
        ("x = '😀'\n", "x = '😁'\n"),
        # A change of indentation, which the parser's own scanner keeps book of.
        ("if a:\n    b\n    c\n", "if a:\n    b\nc\n"),
        # What was broken is mended, and the other way round.
        ("def f(:\n    pass\n", "def f(x):\n    pass\n"),
        ("f(a)\ng(b)\n", "f(a\ng(b)\n"),
    ],
)
def test_from_an_earlier_tree(before: str, after: str) -> None:
    tree = parse(after, "python", tree_of(before))

    assert tree is not None
    assert shape(tree) == shape(tree_of(after))


@given(PIECES, PIECES, PIECES, PIECES)
def test_splicing_makes_the_text(head: str, old: str, new: str, tail: str) -> None:
    before = tree_of(head + old + tail)
    kept = shape(before)

    after = splice(before, len(head), len(head + old), new)

    assert after is not None
    assert after.text == head + new + tail
    assert after.source == after.text.encode()
    assert shape(before) == kept


def test_an_earlier_tree_of_another_grammar_is_left_alone() -> None:
    tree = parse("let x = 1;", "typescript", tree_of("let x = 1;", "javascript"))

    assert tree is not None
    assert (tree.grammar, tree.faults) == ("typescript", ())


def test_effort_is_a_deadline() -> None:
    assert parse(LONG, "python", effort=Effort(10)) is None
    assert parse(LONG, "python", effort=Effort(1000)) is not None


def test_a_parse_that_was_stopped_leaves_nothing_behind() -> None:
    assert parse(LONG, "python", effort=Effort(10)) is None

    assert shape(tree_of("x = 1\n")).startswith("(module (expression_statement (assignment")


def test_what_is_known_costs_less_effort() -> None:
    changed = LONG.replace("150]", "151]")

    assert parse(changed, "python", effort=Effort(40)) is None
    assert parse(changed, "python", tree_of(LONG), effort=Effort(40)) is not None
    assert splice(tree_of(LONG), len(LONG), len(LONG), "x = 1\n", effort=Effort(40)) is not None
    assert splice(tree_of(LONG), 0, 0, "x = (", effort=Effort(2)) is None


def test_a_line_more_costs_little_effort() -> None:
    """In a body, right behind its indentation: nothing below is parsed anew."""
    at = LONG.index("return", len(LONG) // 2)

    assert splice(tree_of(LONG), at, at, "x = 1\n    ", Effort(60)) is not None
    assert splice(tree_of(LONG), at - 4, at - 4, "    x = 1\n", Effort(60)) is not None


@pytest.mark.parametrize(
    ("text", "calls", "is_sound"),
    [
        ("x = 1\n    ", 60, True),
        ("x = (\n    ", 1000, False),
        # It cannot be told so quickly.
        ("x = 1\n    ", 5, None),
    ],
)
def test_is_sound_with(text: str, calls: int, is_sound: bool | None) -> None:
    at = LONG.index("return", len(LONG) // 2)
    assert is_sound_with(tree_of(LONG), at, at, text, Effort(calls)) is is_sound


def test_being_sound_leaves_nothing_behind() -> None:
    assert is_sound_with(tree_of(LONG), 0, 0, "x = 1\n", Effort(1)) is None
    assert shape(tree_of("x = 1\n")).startswith("(module (expression_statement (assignment")


def test_faults() -> None:
    assert tree_of("x = )\ny = 1\n").faults == (Fault("error", 4, 5),)
    assert tree_of("int f() { return 1 }", "c").faults == (Fault("missing ;", 18, 18),)


def test_too_many_faults_to_tell() -> None:
    assert tree_of(") = (\n" * 3000).faults is None

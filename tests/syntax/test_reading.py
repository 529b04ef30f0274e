"""A parser that reads on and on is stopped, and what it has made of that counts for nothing."""

from __future__ import annotations

import pytest

from fimls.syntax.effort import Effort
from fimls.syntax.parsing import Parsing
from fimls.syntax.tree import is_sound_with, parse, splice

from .sources import SOURCES

# A comment of 200 kB: a parser takes a few steps for it, and 3 ms.
LONG_COMMENT = f"let x = 1;\n/* {'a word, and one more. ' * 9000}*/\n"

# It begins nowhere else but here, so that the text's end is looked for.
OPENED = LONG_COMMENT.removesuffix("*/\n")


def test_what_is_read_costs_as_well() -> None:
    short, long = Effort(1000), Effort(1000)
    assert parse("let x = 1;\n/* a word */\n", "javascript", effort=short) is not None
    assert parse(LONG_COMMENT, "javascript", effort=long) is not None

    assert 1000 - short.left < 5
    assert 1000 - long.left > 80


def test_it_is_stopped_while_it_reads() -> None:
    assert parse(LONG_COMMENT, "javascript", effort=Effort(20)) is None


def test_nothing_is_left_behind() -> None:
    assert parse(LONG_COMMENT, "javascript", effort=Effort(20)) is None

    after = parse("f(1);\n", "javascript", effort=Effort(20))

    assert after is not None
    assert not after.root.has_error


@pytest.mark.parametrize("text", [LONG_COMMENT, OPENED])
def test_where_it_is_stopped_nothing_is_said_to_be_wrong(text: str) -> None:
    """That a comment goes on to where reading was ended tells nothing about the text."""
    before = parse("let x = 1;\n", "javascript")
    assert before is not None
    end = len(before.text)
    added = text.removeprefix(before.text)

    assert is_sound_with(before, end, end, added, Effort(20)) is None
    assert splice(before, end, end, added, Effort(20)) is None


def test_a_text_of_one_endless_token_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.syntax.reading._MOST_BYTES", 100_000)
    parsing = Parsing(LONG_COMMENT, "javascript")

    assert parsing.go_on(Effort(1000)) is None

    assert parsing.is_hopeless


def test_a_long_token_is_no_reason_to_give_up() -> None:
    """Piece by piece it costs more than a piece, and is read to its end nonetheless."""
    parsing = Parsing(LONG_COMMENT, "javascript")
    pieces = 1
    while (tree := parsing.go_on(Effort(20))) is None:
        pieces += 1
        assert pieces < 10
    assert not tree.root.has_error


@pytest.mark.parametrize("grammar", sorted(SOURCES))
def test_wherever_it_is_stopped_it_comes_back(grammar: str) -> None:
    """With characters of four bytes, at the end of a part as anywhere, and with strings opened."""
    source = SOURCES[grammar] + "'\"`/* 😀 " + "😀é漢 " * 6000
    for calls in (0, 1, 2, 3, 5, 8, 13, 21):
        parse(source, grammar, effort=Effort(calls))
        Parsing(source, grammar).go_on(Effort(calls))
    tree = parse(SOURCES[grammar], grammar, effort=Effort(1000))
    assert tree is not None
    assert not tree.root.has_error

"""What a line shows of what it belongs to."""

from __future__ import annotations

import pytest

from fimls.syntax.lines import (
    closes_by_words,
    ends_block,
    goes_on,
    is_aside,
    is_label,
    is_unfinished,
    may_open,
    reopens,
    skip_above,
    skip_below,
    width,
)


@pytest.mark.parametrize(
    ("line", "grammar", "columns"),
    [
        ("x", "python", 0),
        ("    x", "python", 4),
        # A tab counts as the next multiple of eight columns.
        ("  \tx", "c", 8),
        # The lines of a comment stand one to the right of their begin.
        (" * x", "java", 0),
        (" */", "java", 0),
        # An item may stand right below its key, and is deeper.
        ("- x", "yaml", 1),
        ("-x", "yaml", 0),
    ],
)
def test_width(line: str, grammar: str, columns: int) -> None:
    assert width(line, grammar) == columns


@pytest.mark.parametrize(
    ("line", "grammar", "whether"),
    [
        ("} else {", "java", True),
        ("  elif x:", "python", True),
        ("</ul>", "html", True),
        # A chain of calls goes on with its dot, a rule of a style sheet begins with one.
        ("  .map(f)", "typescript", True),
        (".item {", "css", False),
        # What spreads a list is no operator.
        ("...rest,", "javascript", False),
        ("elifant = 1", "python", False),
    ],
)
def test_goes_on(line: str, grammar: str, whether: bool) -> None:
    assert goes_on(line, grammar) is whether


@pytest.mark.parametrize(
    ("line", "following", "grammar", "whether"),
    [
        # The type of a function, on a line before it.
        ("static int", "f(void)", "c", True),
        ("int x;", "f(void)", "c", False),
        ("// A comment", "f(void)", "c", False),
        # A brace of its own opens what stands before it.
        ("function f()", "{", "javascript", True),
        ("f()", "g()", "javascript", False),
        # The clauses of `where` end with commas.
        ("    T: Copy,", "{", "rust", True),
        ("x = [", "1", "python", True),
        ("x = 1", "y", "python", False),
        (".a,", ".b {", "css", True),
        # The text of a block scalar is no statement.
        ("  (", "x", "yaml", False),
    ],
)
def test_is_unfinished(line: str, following: str, grammar: str, whether: bool) -> None:
    assert is_unfinished(line, following, grammar) is whether


@pytest.mark.parametrize(
    ("line", "grammar", "whether"),
    [
        ("# x", "python", True),
        ("#ifdef A", "c", True),
        ("/* x", "css", False),
        ("/* x", "c", True),
        (" * x", "c", True),
        # A pointer is no comment.
        ("*p = 1;", "c", False),
        ("x  # y", "python", False),
    ],
)
def test_is_aside(line: str, grammar: str, whether: bool) -> None:
    assert is_aside(line, grammar) is whether


@pytest.mark.parametrize(
    ("line", "grammar", "whether"),
    [
        ("  public:", "cpp", True),
        ("case A::B:", "cpp", True),
        ("default:", "java", True),
        # The same in Python is the header of a block.
        ("else:", "python", False),
        ("a ? b :", "c", False),
    ],
)
def test_is_label(line: str, grammar: str, whether: bool) -> None:
    assert is_label(line, grammar) is whether


@pytest.mark.parametrize(
    ("line", "ends", "again"),
    [
        ("}", True, False),
        ("end", True, False),
        ("  } catch (e) {", True, True),
        ("else", True, True),
        ("x = 1", False, False),
    ],
)
def test_ends_block(line: str, ends: bool, again: bool) -> None:
    assert ends_block(line) is ends
    assert reopens(line) is again


@pytest.mark.parametrize(
    ("head", "grammar", "whether"),
    [
        ("def f\n", "ruby", True),
        # In Python only what tries is followed by something at its own indentation.
        ("try:\n", "python", True),
        ("if a:\n", "python", False),
        ("if (a) {\n", "c", False),
    ],
)
def test_closes_by_words(head: str, grammar: str, whether: bool) -> None:
    assert closes_by_words(head, grammar) is whether


@pytest.mark.parametrize(
    ("line", "whether"), [("key:", True), ("- a", True), ("the text of a scalar", False)]
)
def test_may_open(line: str, whether: bool) -> None:
    assert may_open(line, "yaml") is whether
    assert may_open(line, "python")


TEXT = "a\n    b\n\n    c\n    d\ne\n"


def test_skipping() -> None:
    """Lines that are as deep as `blanks`, and empty ones, are passed over."""
    d, e = TEXT.index("    d"), TEXT.index("e")
    assert skip_above(TEXT, e, "    ", 9) == TEXT.index("    b")
    assert skip_above(TEXT, e, "    ", 1) == d
    assert skip_above(TEXT, 0, "    ", 9) == 0
    assert skip_below(TEXT, 1, "    ") == e - 1
    assert skip_below(TEXT, e - 1, "    ") == e - 1
    assert skip_below("a\n  b", 1, "  ") == len("a\n  b")

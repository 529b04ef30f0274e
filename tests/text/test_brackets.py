"""Brackets and quotes are matched without a grammar."""

from __future__ import annotations

import pytest

from fimls.text.brackets import Nesting, balance, parts_of
from fimls.text.languages import language_of


@pytest.mark.parametrize(
    ("language", "code", "unclosed", "unmatched", "quote"),
    [
        ("python", "f(a, [1, 2])", "", "", ""),
        # What is open, in order, and what is shut without having been opened.
        ("python", "f(a, [1", "([", "", ""),
        ("python", "1])", "", "])", ""),
        # Strings and comments hold what they like.
        ("python", "f('(', \"[\")  # (", "", "", ""),
        ("javascript", "f('(') // (\n/* [ */", "", "", ""),
        ("sql", "-- (\nSELECT 1", "", "", ""),
        # A quote within another is text, and so is one behind a backslash.
        ("python", "\"it's\" + 'a \\' ('", "", "", ""),
        # What is open at the end.
        ("python", '"""Adds (', "", "", '"""'),
        ("python", "'Adds (", "", "", "'"),
        ("javascript", "`a ${b", "", "", "`"),
        ("c", "/* a (", "", "", "/*"),
        # A lifetime is no quote, a character is one.
        ("rust", "fn f<'a>(x: &'a str) { '(' }", "", "", ""),
        ("html", "<p>Don't</p> (", "(", "", ""),
        # A mark that is a word, is none within another word.
        ("bat", "remove (1)\nrem (", "", "", ""),
    ],
)
def test_balance(language: str, code: str, unclosed: str, unmatched: str, quote: str) -> None:
    found = balance(code, language_of(language))

    assert (found.unclosed, found.unmatched, found.quote) == (unclosed, unmatched, quote)


def test_a_string_that_is_not_closed_on_its_line_is_a_fault() -> None:
    assert balance("x = 'a\ny = (1)\n", language_of("python")).faults == 1


def test_closers_are_innermost_first() -> None:
    assert balance("f({'a': [1", language_of("python")).closers == "]})"


@pytest.mark.parametrize(
    ("language", "lines", "is_open"),
    [
        # A bracket that goes on over lines.
        ("python", ["f(", "a,", ")"], [True, True, False]),
        # A string does, and a bracket in it does not count.
        ("python", ['x = """', "(", '"""'], [True, True, False]),
        # Braces are blocks but where blocks end by indentation.
        ("javascript", ["if (a) {", "b();", "}"], [False, False, False]),
        ("python", ["d = {", "}"], [True, False]),
    ],
)
def test_nesting(language: str, lines: list[str], is_open: list[bool]) -> None:
    nesting = Nesting(language_of(language))
    found: list[bool] = []
    for line in lines:
        nesting.feed(line)
        found.append(nesting.is_open)

    assert found == is_open


@pytest.mark.parametrize(
    ("inside", "parts"),
    [
        ("", [""]),
        ("a, b", ["a", " b"]),
        # A comma within brackets is theirs.
        ("a(b, c(d, e)), f", ["a(b, c(d, e))", " f"]),
        # One at the end begins a part that is not there.
        ("a,", ["a", ""]),
        # Other brackets are nothing here.
        ("a[b, c]", ["a[b", " c]"]),
    ],
)
def test_parts(inside: str, parts: list[str]) -> None:
    assert list(parts_of(inside, "(", ")")) == parts

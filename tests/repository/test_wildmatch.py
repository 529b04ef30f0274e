"""Patterns of `.gitignore`, each with what `git check-ignore` says of it."""

from __future__ import annotations

import pytest

from fimls.repository.wildmatch import Patterns, lines_of


def check_matches(line: str, matched: str, other: str) -> None:
    """Paths have blanks between them, a blank in one is `·`; that of a folder ends with a slash."""
    patterns = Patterns([line.replace("·", " ")])
    asked: dict[str, bool | None] = dict.fromkeys(matched.split(), True)
    asked |= dict.fromkeys(other.split())
    asked = {path.replace("·", " "): said for path, said in asked.items()}
    assert {path: patterns.verdict(path) for path in asked} == asked


@pytest.mark.parametrize(
    ("line", "matched", "other"),
    [
        # A name, a way from the top, a folder; nothing below what they match.
        ("a", "a x/a x/a/", "a/x ab x/a/b.py"),
        ("/a", "a a/", "x/a a/x"),
        ("x/a", "x/a", "y/x/a x/a/b"),
        ("a/", "a/ x/a/", "a x/a a/x"),
        ("/a/", "a/", "a x/a/"),
        # Stars end at a slash, two of them alone between slashes do not.
        ("*.py", ".py a.py x/b.py", "a.pyc"),
        ("x/*", "x/a x/b/", "x/b/c"),
        ("x/*a*b", "x/ab x/1a2b x/aabb", "x/ba x/a/b"),
        ("**/a", "a x/a x/y/a", "xa"),
        ("x/**", "x/a x/y/a", "x/ x"),
        ("x/**/a", "x/a x/y/a x/y/z/a", "xa x/ya a"),
        ("x/**/*b/c", "x/b/c x/y/ab/c x/b/b/c", "x/b/y/c"),
        ("a**", "a ab x/ab", "ba"),
        # What is plain before the stars is compared apart from them.
        ("x**/a", "x/a xa xy/z/a", "y/a"),
        ("x*y**/a", "xy/a x1y2/a", "xy/z/a"),
        # One character, sets of them; a slash is in none.
        ("a?c", "abc", "ac abbc x/a/c"),
        ("x[!b]y", "xay", "xby xy"),
        ("/x[!b]y/z", "xay/z", "x/y/z"),
        ("[^ab]", "c", "a b"),
        ("[a-c]", "a b c", "d -"),
        ("[]a]", "] a", "b"),
        ("[a-]", "a -", "b"),
        ("[--0]", "- . 0", "/ 1"),
        ("[\\]a]", "] a", "\\"),
        ("[[:alpha:]_]", "a Z _", "1"),
        ("[[:upper:]-9]", "A - 9", "5"),
        # Sets without an end, with an unknown name, that end before they begin: nothing.
        ("[a", "", "a [a"),
        ("[[:letters:]]", "", "l ["),
        ("[z-a]", "", "a z -"),
        ("a[--", "", "a- a[--"),
        ("[!z-a]", "a", "ab"),
        # A backslash takes away the meaning of what follows, and means nothing at the end.
        ("\\*", "*", "a"),
        ("\\!a", "!a", "a"),
        ("\\#a", "#a", "a"),
        ("\\a", "a", "\\a"),
        ("a\\", "", "a a\\"),
        # Blanks at the end say nothing, unless there is a backslash; other blanks do.
        ("a··", "a", "a·"),
        ("a\\··", "a·", "a a··"),
        ("·a", "·a", "a"),
        ("a\t", "", "a"),
        # No rules at all.
        ("", "", "a"),
        ("#a", "", "a #a"),
        ("!", "", "a !"),
        ("/", "", "a a/"),
        ("//", "", "a a/"),
        ("a//b", "", "a/b"),
    ],
)
def test_a_line(line: str, matched: str, other: str) -> None:
    check_matches(line, matched, other)


def test_the_last_line_that_speaks_of_a_path_holds() -> None:
    patterns = Patterns(["*.py", "!a*", "ab.py", "!x/"])
    asked = {"b.py": True, "a.py": False, "ab.py": True, "x/": False, "x": None}
    assert {path: patterns.verdict(path) for path in asked} == asked


def test_lines() -> None:
    # A mark of Windows at the begin, its line ends, and what ends lines only elsewhere.
    assert lines_of("\ufeffa\r\nb\n\nc\x0cd\u2028e") == ["a", "b", "", "c\x0cd\u2028e"]


def test_what_is_made_to_take_for_ever() -> None:
    patterns = Patterns(["*a" * 40 + "b", "/" + "**/*a*a*/" * 20 + "b"])
    assert patterns.verdict("/".join(["a" * 100] * 20) + ".py") is None

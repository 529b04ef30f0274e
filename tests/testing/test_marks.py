"""Pictures are read and drawn back without loss, and wrong ones say what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.testing.marks import Picture, marked, picture


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        # A mere cursor.
        ("a = █\n", Picture("a = \n", 4)),
        # The cursor alone is a picture of an empty document.
        ("█", Picture("", 0)),
        # Inserted text.
        ("a = ├1┤\n", Picture("a = \n", 4, "1", ("1",), is_cursor=False)),
        # Chunk borders.
        ("├ab█c█┤", Picture("", 0, "abc", ("ab", "c", ""), is_cursor=False)),
        # Nothing is inserted: no chunk.
        ("f(├┤)", Picture("f()", 2, is_cursor=False)),
        # What is replaced after an insertion.
        ("f(├x)┤)╣\n", Picture("f()\n", 2, "x)", ("x)",), replaces=1, is_cursor=False)),
        # What is replaced after a mere cursor.
        ("f(█)╣", Picture("f()", 2, replaces=1)),
        # A replaced end straight at the cursor replaces nothing.
        ("f(█╣)", Picture("f()", 2)),
        # Characters outside of the basic plane count as one.
        ("😀█", Picture("😀", 1)),
        # The shared indentation goes, also within inserted text; a first LF goes too.
        ("\n a\n  ├y\n  z┤", Picture("a\n ", 3, "y\n z", ("y\n z",), is_cursor=False)),
        # A line of blanks has no say in the indentation.
        ("    a\n\n  \n    █", Picture("a\n\n\n", 4)),
        # The line of the closing quotes becomes empty.
        ("\n    a█\n    ", Picture("a\n", 1)),
        # CRLF stays.
        ("  a\r\n\r\n  █\r\n", Picture("a\r\n\r\n\r\n", 5)),
        # Tabs are indentation, and are not mixed up with blanks.
        ("\tif x:\n\t\t█", Picture("if x:\n\t", 7)),
    ],
)  # fmt: skip
def test_reading(drawn: str, shown: Picture) -> None:
    assert marked(drawn) == shown


@pytest.mark.parametrize(
    ("drawn", "wanted"),
    [
        # No mark at all.
        ("a", "exactly one █"),
        # Two cursors.
        ("█a█", "exactly one █"),
        # Half an insertion.
        ("├a", "exactly one ├"),
        ("a┤", "exactly one ├"),
        # The wrong way round.
        ("┤a├", "exactly one ├"),
        # Two insertions.
        ("├a┤├b┤", "exactly one ├"),
        # A cursor beside the insertion.
        ("█├a┤", "no █ outside"),
        # What is replaced stands after the cursor, once.
        ("a╣█", "at most one ╣"),
        ("├a╣┤", "at most one ╣"),
        ("█a╣b╣", "at most one ╣"),
    ],
)
def test_wrong_pictures_are_shown(drawn: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted) as caught:
        marked(drawn)
    assert str(caught.value).endswith(drawn)


def test_parts() -> None:
    drawn = marked("print(├name)┤)╣\n")
    assert (drawn.prefix, drawn.suffix, drawn.result) == ("print(", ")\n", "print(name)\n")


def test_drawing() -> None:
    assert picture("f()\n", 2) == "f(█)\n"
    assert picture("f()\n", 2, "") == "f(├┤)\n"
    assert picture("f()\n", 2, "x)", replaces=1) == "f(├x)┤)╣\n"


plain = st.text(alphabet="ab \n😀(", max_size=12)


@given(plain, plain, plain, st.none() | plain)
def test_drawn_back(before: str, replaced: str, after: str, inserted: str | None) -> None:
    # A line without indentation keeps the others as they are.
    text = "def\n" + before + replaced + after
    drawn = picture(text, len("def\n" + before), inserted, len(replaced))
    read = marked(drawn)
    # Lines of blanks may lose them only to the margin, which is empty here.
    assert str(read) == drawn
    assert (read.text, read.inserted, read.replaces) == (text, inserted or "", len(replaced))

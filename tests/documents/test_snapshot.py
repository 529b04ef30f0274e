"""A document at one moment."""

from __future__ import annotations

import gc
import weakref

import pytest

from fimls.documents.snapshot import MAX_BYTES, Snapshot
from fimls.documents.store import Documents
from fimls.text.languages import LANGUAGES
from fimls.text.positions import Encoding, Position, Range

URI = "file:///project/a.py"

AT_START = Range(Position(0, 0), Position(0, 0))


def a_snapshot(source: str, language: str = "python", preamble: str = "") -> Snapshot:
    return Snapshot(
        uri="file:///x.py",
        version=0,
        language=LANGUAGES[language],
        path="x.py",
        source=source,
        preamble=preamble,
    )


def test_text_has_lf_only_and_eol_tells_what_it_had() -> None:
    snap = a_snapshot("a\r\nb\rc\r\n")

    assert (snap.text, snap.eol) == ("a\nb\nc\n", "\r\n")


def test_half_a_surrogate_pair_can_be_encoded_and_parsed() -> None:
    snap = a_snapshot("x = '\ud83d'\n")

    assert snap.text == "x = '\ufffd'\n"
    assert snap.tree is not None


def test_the_hole_carries_what_is_around_it() -> None:
    hole = a_snapshot("😀\r\nx = \r\n", preamble="y = 1\n").hole(Position(1, 4), Encoding.UTF16)

    assert (hole.prefix, hole.suffix) == ("😀\nx = ", "\n")
    assert (hole.path, hole.language.id, hole.preamble) == ("x.py", "python", "y = 1\n")


@pytest.mark.parametrize(("offset", "expected"), [(-1, 0), (1, 1), (99, 3)])
def test_a_hole_is_clamped_to_the_text(offset: int, expected: int) -> None:
    assert a_snapshot("abc").hole_at(offset).offset == expected


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1\n", None),
        # A NUL is in no text file.
        ("PNG\0\0", "not text"),
        # Just at the limit, and just over it.
        ("x" * MAX_BYTES, None),
        ("x" * (MAX_BYTES + 1), "too large"),
        # The limit is in bytes, not in characters.
        ("漢" * (MAX_BYTES // 3), None),
        ("漢" * (MAX_BYTES // 3 + 1), "too large"),
        # Half of a surrogate pair is counted and does not fail.
        ("\ud83d" * (MAX_BYTES // 3 + 1), "too large"),
    ],
)
def test_problem(source: str, problem: str | None) -> None:
    assert a_snapshot(source).problem == problem


def test_no_tree_without_a_grammar_or_with_a_problem() -> None:
    assert a_snapshot("x", language="kotlin").tree is None
    assert a_snapshot("x = 1\0").tree is None


def test_the_tree_is_parsed_once_and_is_of_the_text() -> None:
    snap = a_snapshot("x = 1\r\n")

    assert snap.tree is not None
    assert snap.tree.text == "x = 1\n"
    assert snap.tree is snap.tree


def test_trees_after_edits_are_those_of_a_fresh_parse(documents: Documents) -> None:
    documents.open("file:///x.py", "python", 1, "def f():\n    return 1\n")
    for version, text in enumerate(("# é😀\r", "\n", "class A:\n", "x = (", "")):
        documents.change("file:///x.py", version, [(AT_START, text)])
        snap = documents.at("file:///x.py")
        assert snap is not None
        assert snap.tree is not None
        fresh = a_snapshot(snap.source).tree
        assert fresh is not None
        assert str(snap.tree.root) == str(fresh.root)


def test_a_text_that_is_not_in_order_is_parsed_at_leisure(documents: Documents) -> None:
    documents.open(URI, "python", 1, "x = (\n" + "y = 1\n" * 50)
    first = documents.at(URI)
    assert first is not None
    assert first.tree is not None  # The first text of all is parsed in any case.

    documents.change(URI, 2, [(None, "x = (1\n" + "y = 1\n" * 50)])
    broken = documents.at(URI)
    assert broken is not None
    assert broken.tree is None
    while broken.settle():
        pass

    documents.change(URI, 3, [(None, "x = (1)\n" + "y = 1\n" * 50)])
    mended = documents.at(URI)
    assert mended is not None
    # What was seen last was at fault; this one is known to be in order when it has been parsed.
    assert mended.tree is None
    while mended.settle():
        pass

    documents.change(URI, 4, [(None, "x = (12)\n" + "y = 1\n" * 50)])
    after = documents.at(URI)
    assert after is not None
    assert after.tree is not None
    assert not after.tree.root.has_error


# 3,000 lines: more than is parsed while somebody waits.
LONG = "".join(f"def f{n}(a, b):\n    return [a, b, {n}]\n\n" for n in range(1000))


def test_a_long_text_is_first_parsed_at_leisure() -> None:
    snap = a_snapshot(LONG)
    assert not snap.tree

    pieces = 1
    while snap.settle():
        pieces += 1

    assert pieces > 3
    assert snap.tree is not None
    assert snap.tree.text == LONG
    assert not snap.settle()


def test_a_text_that_moves_on_is_begun_anew(documents: Documents) -> None:
    documents.open(URI, "python", 1, LONG)
    first = documents.at(URI)
    assert first is not None
    assert first.tree is None
    assert first.settle()

    documents.change(URI, 2, [(None, "x = 1\n" + LONG)])
    second = documents.at(URI)
    assert second is not None
    while second.settle():
        pass

    assert second.tree is not None
    assert second.tree.text == second.text


def test_where_a_key_takes_too_long_it_is_not_tried(documents: Documents) -> None:
    """So many functions take more than there is between two keys, although they are in order."""
    documents.open(URI, "python", 1, LONG)
    for version in range(2, 4):
        snap = documents.at(URI)
        assert snap is not None
        while snap.settle():
            pass
        documents.change(URI, version, [(AT_START, "x\n")])
    last = documents.at(URI)
    assert last is not None

    assert last.last_tree.is_slow
    assert last.tree is None
    assert last.last_tree.parsing is None


class Slow:
    """A clock by which each question about the time takes long: 2 ms."""

    now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 0.002
        return self.now_s


def test_a_parse_that_takes_too_long_is_ended_and_gone_on_with_at_leisure() -> None:
    """As in Ruby, where the parser takes 30 times as long as it should in half a string."""
    text = "".join(f"def f{n}(a, b):\n    return [a, b, {n}]\n\n" for n in range(200))
    documents = Documents(busy_s=Slow())
    documents.open(URI, "python", 1, text)
    snap = documents.at(URI)
    assert snap is not None
    assert a_snapshot(text).tree is not None
    assert snap.tree is None

    pieces = 1
    while snap.settle():
        pieces += 1

    assert pieces > 5
    assert snap.tree is not None


def test_a_long_text_is_not_begun_while_somebody_waits() -> None:
    snap = a_snapshot(LONG)
    longer = a_snapshot(LONG * 3)
    assert len(LONG) < 80_000 < len(longer.text)
    assert (snap.tree, longer.tree) == (None, None)
    assert snap.last_tree.parsing is not None
    assert longer.last_tree.parsing is None


@pytest.mark.parametrize(("text", "language"), [("x", "plaintext"), ("x\0", "python")])
def test_nothing_to_settle(text: str, language: str) -> None:
    snap = a_snapshot(text, language)
    assert not snap.settle()
    assert snap.tree is None
    assert snap.tree_with("y") is None


def test_the_tree_of_another_text() -> None:
    tree = a_snapshot("x = 1\n").tree_with("x = 12\n")
    assert tree is not None
    assert tree.text == "x = 12\n"


def test_old_snapshots_and_trees_are_freed(documents: Documents) -> None:
    documents.open("file:///x.py", "python", 1, "x = 1\n")
    old = []
    for version in range(2, 6):
        snap = documents.at("file:///x.py")
        assert snap is not None
        assert snap.tree is not None
        old.append(weakref.ref(snap))
        documents.change("file:///x.py", version, [(AT_START, "y")])
    now = documents.at("file:///x.py")
    assert now is not None
    assert now.tree is not None
    trees = weakref.WeakSet([now.tree])
    del snap
    gc.collect()

    assert [ref() for ref in old] == [None] * len(old)
    documents.close("file:///x.py")
    del now
    gc.collect()
    assert len(trees) == 0


def test_a_text_too_long_for_a_tree_has_none() -> None:
    """Freeing it would hold the editor's loop for longer than 15 ms."""
    line = "x = 1\n"
    longest = a_snapshot(line * (500_000 // len(line)), language="python")
    longer = a_snapshot(longest.text + line, language="python")
    assert (longest.can_have_tree, longer.can_have_tree) == (True, False)
    assert longer.tree is None
    assert not longer.settle()

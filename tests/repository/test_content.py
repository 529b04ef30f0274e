"""What is packed of a text is what is read of it, all at once or a name at a time."""

from __future__ import annotations

import zlib

import pytest

from fimls.repository.content import NO_CONTENT, chunks_of, content_of, known_of
from fimls.repository.tags import read
from fimls.text.languages import language_of

PYTHON = '''\
import os
from near import far as away


class Shop(Base, Other):
    """Sells things."""

    name: str = "[\\"Shop\\","

    def open(self, door: Door = os.path) -> None:
        return away(door, door)

    @property
    def name_of(self) -> str:
        return "é漢"


def open(shop): return shop
'''
CPP = 'struct Shop { int size; };\nbool operator""_shop(char c);\nint open(Shop *shop);\n'
RUBY = "class Shop\n  def open?(door)\n    door\n  end\n\n  def ==(other)\n    other\n  end\nend\n"


def test_a_name_as_long_as_a_page() -> None:
    # The name of a class stands beside each of its fields, and all of that is not to fill a store.
    text = f"class {'A' * 3_000}:\n" + "  a = 1\n" * 400
    content = content_of(text * 40, b"digest", language_of("", "a.py"))
    known = known_of(content.facts, "a.py").facts
    assert {each.name for each in known.definitions} == {*content.defined.split()} != set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        # A name with two definitions, another one with quotes and brackets in its signature.
        ("shop.py", PYTHON),
        # Names that JSON does not write as they stand.
        ("shop.cpp", CPP),
        # Names that are no identifiers.
        ("shop.rb", RUBY),
        ("empty.py", ""),
    ],
)
def test_what_is_packed_is_read(path: str, text: str) -> None:
    language = language_of("", path)
    content = content_of(text, b"digest", language)
    known, whole = known_of(content.facts, path), read(text, path, language).facts
    assert known.facts == whole
    for name in {each.name for each in whole.definitions}:
        expected = tuple(each for each in whole.definitions if each.name == name)
        assert known_of(content.facts, path).defining(name) == expected
    # Bases, imports, classes around and kinds are no names that are defined.
    for name in ("Base", "os", "method", "unheard", ""):
        assert known.defining(name) == ()


def test_the_pieces_of_a_text() -> None:
    text = "\n".join(f"def f_{number}(a_é, b): return a_é" for number in range(50)) + "\n\n\n"
    pieces = chunks_of(content_of(text, b"digest", language_of("", "a.py")).text, "a.py")
    lines = text.split("\n")
    assert "\n".join(piece.text for piece in pieces) == text.rstrip()
    for piece in pieces:
        assert piece.text.startswith(lines[piece.first_line])
        # `def`, the function, `a_é`, `return` and `a_é` once more; one letter is no name.
        assert piece.length == 5 * (piece.text.count("\n") + 1)


@pytest.mark.parametrize(
    "packed", [b"", b"facts", *map(zlib.compress, (b"", b"[]", b"{}\n", b"1\n2"))]
)
def test_what_is_no_content(packed: bytes) -> None:
    with pytest.raises(NO_CONTENT):
        _ = known_of(packed, "a.py").facts
    with pytest.raises(NO_CONTENT):
        chunks_of(packed, "a.py")

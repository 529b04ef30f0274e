"""What a text uses, imports and derives from."""

from __future__ import annotations

import pytest

from fimls.repository.tags import is_read, read
from fimls.syntax.grammars import GRAMMARS
from fimls.text.languages import LANGUAGES, language_of
from tests.repository.outlines import facts


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        # Names count once for each use; where a name is defined is none.
        ("a.py", "def call(value):\n    return call(value) + other\n", "call 1 value 2 other 1"),
        # Comments and strings are no uses, and what is put into strings is one.
        ("a.py", "# note\nx = 'text' + f'{shown} more'\n", "shown 1"),
        ("a.ts", "// note\nlet xx = `text ${shown}`;", "shown 1"),
        # Nor are keywords, and names of one letter.
        ("a.py", "while x: break\n", ""),
        (
            "b.go",
            "package main\nfunc main() { for i := range list { print(i) } }",
            "main 1 list 1 print 1",
        ),
        # What looks like a keyword somewhere may be a method.
        ("a.py", "shelf.get(match)\n", "shelf 1 get 1 match 1"),
        # Words of SQL are written in either case.
        ("a.sql", "SELECT total from orders", "total 1 orders 1"),
        # Names outside of ASCII are names.
        ("a.py", "größe = länge(größe)\n", "größe 1 länge 1"),
    ],
)
def test_references(path: str, text: str, expected: str) -> None:
    found = facts(path, text).references
    assert " ".join(f"{name} {count}" for name, count in found.items()) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", "import os, a.b as c\nfrom ..m import (x,\n y)\n", ("os", "a.b", "..m")),
        # An import that is tried, or made for the type checker only.
        ("a.py", "try:\n    import fast\nexcept ImportError:\n    import slow\n", ("fast", "slow")),
        (
            "a.ts",
            'import { a } from "./x";\nimport "y";\nexport * from "./z";',
            ("./x", "y", "./z"),
        ),
        ("a.js", "const { a } = require('./x');", ("./x",)),
        # What is required within something else is another matter.
        ("a.js", "const a = { b: () => require('./x') };", ()),
        # A string that says `from` is no import.
        ("a.ts", 'export const said = "from";\nexport const x = "y";', ()),
        ("a.go", 'package a\nimport (\n "fmt"\n x "a/b"\n)', ("fmt", "a/b")),
        ("a.rs", "use std::fmt;\nuse crate::a::{b, c};\nuse x::*;", ("std::fmt", "crate::a", "x")),
        ("A.java", "import java.util.*;\nimport static a.B.c;", ("java.util.*", "a.B.c")),
        ("a.c", '#include <stdio.h>\n#include "x/y.h"', ("stdio.h", "x/y.h")),
        ("a.cs", "using System;\nusing X = A.B;", ("System", "A.B")),
        ("a.rb", "require 'json'\nrequire_relative 'x/y'", ("json", "x/y")),
        ("a.php", "<?php\nuse A\\B as C;\nuse function d\\e;", ("A\\B", "d\\e")),
        ("a.lua", 'local json = require("json")\nrequire "x.y"', ("json", "x.y")),
        ("a.sh", 'source ./lib.sh\n. "other.sh"', ("./lib.sh", "other.sh")),
    ],
)
def test_imports(path: str, text: str, expected: tuple[str, ...]) -> None:
    assert facts(path, text).imports == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        # What a base is made with is none, nor is a keyword.
        ("a.py", "class A(B[T], ns.C, metaclass=M): pass", {"A": ("B", "C")}),
        ("a.py", "class A(make(1)): pass", {"A": ("make",)}),
        ("a.ts", "class A extends x.B<T> implements C, D {}", {"A": ("B", "C", "D")}),
        ("a.ts", "interface A extends B<Map<K, V>>, C {}", {"A": ("B", "C")}),
        # What Go embeds is a base in all but name.
        ("a.go", "package a\ntype A struct { *B; c.D; n int }", {"A": ("B", "D")}),
        ("a.rs", "impl<T> Shape for Point<T> {}", {"Point": ("Shape",)}),
        ("A.java", "class A extends B<T> implements C, d.E {}", {"A": ("B", "C", "E")}),
        ("a.cpp", "class A : public B<T>, private ns::C {};", {"A": ("B", "C")}),
        ("a.cs", "record R(int X) : B(X), IC;", {"R": ("B", "IC")}),
        ("a.rb", "class A < B::C\nend", {"A": ("C",)}),
        ("a.php", "<?php class A extends B implements C { use D; }", {"A": ("B", "C", "D")}),
    ],
)
def test_bases(path: str, text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert facts(path, text).bases == expected


@pytest.mark.parametrize(
    "text",
    [
        # Nothing at all, and what is no text of the language.
        "",
        "\ufffd\ufffd\x00\x01",
        # Deeper than any stack.
        "class A:\n" + "".join(" " * depth + "class A:\n" for depth in range(1, 300)),
        "(" * 5_000,
        "[" * 5_000 + "]" * 5_000,
        # What a pattern could get lost in, and a comment to each of many statements.
        "# " + "*/ " * 5_000 + "\nx = 1\n",
        "class A(" + "<" * 5_000 + "(" * 5_000 + "): pass",
        "# a\ncall()\n" * 5_000,
        # A line as long as a file.
        "x = " + "1 + " * 50_000 + "1",
        # Half a character, which no file can hold.
        "name = '\ud800'",
    ],
)
@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.rs", "a.cpp", "a.rb", "a.sql"])
def test_no_text_is_a_fault(path: str, text: str) -> None:
    read(text, path, language_of("", path))


def test_every_language_with_definitions_is_read() -> None:
    # Markup and data have none that another file would use.
    without = {"html", "css", "json", "yaml", "toml"}
    read_ones = {row.grammar for row in LANGUAGES.values() if is_read(row)}
    assert read_ones == GRAMMARS.keys() - without

"""The lines that a place depends on."""

from __future__ import annotations

import pytest

from fimls.syntax.fragment import fragment_around
from fimls.syntax.tree import parse
from fimls.testing.marks import marked, picture

FILLER = "".join(f"s{n}();\n" for n in range(60)).splitlines()


def filled(template: str) -> str:
    """A text with 60 statements in place of each `…`, indented as it is."""
    lines = []
    for line in template.splitlines():
        indentation = line.removesuffix("…")
        lines += [indentation + each for each in FILLER] if line.endswith("…") else [line]
    return "\n".join(lines) + "\n"


def check_fragment(grammar: str, template: str, kept: str) -> None:
    drawn = marked(filled(template))

    fragment = fragment_around(drawn.text, drawn.offset, drawn.offset, "", grammar)

    shown = picture(fragment.text, fragment.start).splitlines()
    assert [line for line in shown if line.strip().rstrip(";()").lstrip("s").isdigit() is False] == (
        marked(kept).text.splitlines() if "█" not in kept else kept.splitlines()
    )
    tree = parse(fragment.text, grammar)
    assert tree is not None
    assert tree.faults == ()


@pytest.mark.parametrize(
    ("grammar", "template", "kept"),
    [
        # A class: its header and end are kept, what comes before and after is not.
        (
            "javascript",
            "a();\n…\nclass A {\n  f() {\n    …\n  }\n  g() {\n    …\n    █\n    …\n  }\n  h() {\n"
            "    …\n  }\n}\nb();\n…\n",
            "class A {\n  g() {\n    █\n  }\n}",
        ),
        # A header over several lines, and one that goes on after a block.
        (
            "python",
            "def f(\n    a,\n    b,\n):\n    if a:\n        …\n    else:\n        …\n        █\n",
            "def f(\n    a,\n    b,\n):\n    if a:\n    else:\n        █",
        ),
        # A long literal is cut off and closed.
        ("python", "x = {\n    █\n" + "    1,\n" * 60 + "}\ny = 1\n", ""),
        # The whole of it where it is short.
        ("python", "x = 1\n█\ny = 2\n", "x = 1\n█\ny = 2"),
    ],
)
def test_fragment(grammar: str, template: str, kept: str) -> None:
    check_fragment(grammar, template, kept)

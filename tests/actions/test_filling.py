"""What templates are filled with."""

from __future__ import annotations

import pytest

from fimls.actions.collect import Diagnostic, collect
from fimls.actions.filling import texts_of
from fimls.actions.sites import site_of_instruction, site_of_selection
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.languages import language_of

PYTHON = language_of("python")


def check_texts(picture: str, lines: int = 60, **wanted: str) -> None:
    """Checks the texts for the comment at the cursor, or for the selection."""
    said = marked(picture)
    text, start, end = said.result, said.offset, said.offset + len(said.inserted)
    found = collect(text, PYTHON, parse(text, "python"), start, end)
    asked = found.instruction
    site = site_of_selection(found) if asked is None else site_of_instruction(found, asked)
    texts = texts_of(found, site, lines)

    assert {name: texts[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("picture", "lines", "wanted"),
    [
        # A selection, with what is around it in whole lines.
        (
            "a = 1\ndef f():\n    ├b = 2\n    c = 3┤\n    return b\nd = 4\n",
            60,
            {
                "above": "a = 1\ndef f():",
                "code": "    b = 2\n    c = 3",
                "below": "    return b\nd = 4",
                "scope": "def f()",
                "comment": "",
            },
        ),
        # A comment is told apart from what is above it, and what is to go is not below.
        (
            "def f():\n    # add█\n    pass\n\nx = 1\n",
            60,
            {
                "above": "def f():",
                "comment": "    # add",
                "instruction": "add",
                "code": "",
                "below": "\nx = 1",
            },
        ),
        # What has been begun is the code.
        (
            "# add█\ndef f():\n    x = 1\n\ny = 2\n",
            60,
            {"above": "", "comment": "# add", "code": "def f():\n    x = 1", "below": "\ny = 2"},
        ),
        # Not more lines than wanted.
        ("a\nb\n├c┤\nd\ne\n", 1, {"above": "b", "below": "d"}),
    ],
)
def test_texts_are_whole_lines(picture: str, lines: int, wanted: dict[str, str]) -> None:
    check_texts(picture, lines, **wanted)


def test_a_diagnostic_is_said_with_its_line() -> None:
    wrong = Diagnostic(4, 5, "undefined name 'b'", "pyflakes", "F821")
    found = collect("a = b\n", PYTHON, None, 4, 5, diagnostics=[wrong])

    texts = texts_of(found, site_of_selection(found))

    assert texts["diagnostics"] == "- `a = b`: undefined name 'b' (pyflakes F821)"

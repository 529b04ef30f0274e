"""Masked lines, and what of their names stands in the prompt with its signature."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from fimls.context.gather import Gathered, Snippet
from fimls.context.secrets import clear
from fimls.evaluation.context import Package, Shown, as_json, measure, signed
from fimls.evaluation.context_plot import drawn
from fimls.evaluation.context_speed import write_project
from fimls.evaluation.context_tasks import MaskedLine, masked_lines
from fimls.evaluation.context_view import Masked, MemoryView
from fimls.repository.facts import FileFacts

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "pkg/b.py": "def fetch(name: str) -> int: ...\n\nclass Box:\n    size: int = 0\n",
    "pkg/a.py": "from b import fetch\n\ndef run(box):\n    return fetch(box.size)\n",
}


def view() -> MemoryView:
    return MemoryView("/p", TEXTS)


def lines() -> list[MaskedLine]:
    # `fetch` stands in the import, so only `size` is missing from the window.
    return masked_lines(view(), 5, "seed")


def test_a_line_with_a_missing_name_is_masked() -> None:
    (line,) = lines()
    assert (line.path, line.line, line.text) == ("pkg/a.py", 3, "return fetch(box.size)")
    assert line.used == ("fetch", "size")
    assert line.missing == ("size",)
    assert "box.size" not in line.hole.text
    assert line.hole.text[: line.hole.offset].endswith("def run(box):\n    ")


def test_the_same_lines_are_drawn_again() -> None:
    assert [each.line for each in lines()] == [each.line for each in lines()]


def test_the_masked_line_is_not_in_the_view() -> None:
    facts = FileFacts("pkg/a.py", "python")
    masked = Masked(view(), facts)
    assert masked.facts("pkg/a.py") is facts
    assert masked.defining("run") == ()
    assert masked.defining_count("fetch") == 1
    assert masked.referring("fetch") == []
    assert masked.chunks("pkg/a.py") == ()
    assert all(each.path != "pkg/a.py" for each in masked.similar({"fetch": 1.0}, 5))


@pytest.mark.parametrize(
    ("path", "text", "counts"),
    [
        # Its own signature, also under its class, or in code with what follows.
        ("pkg/b.py", "class Box\n    size: int = 0", True),
        ("pkg/b.py", "class Box:\n    size: int = 0\n", True),
        # Not the name alone, not within another signature, not under another path.
        ("pkg/b.py", "sizes", False),
        ("pkg/b.py", "def other(size: int = 0)", False),
        ("pkg/c.py", "class Box\n    size: int = 0", False),
    ],
)
def test_only_a_signature_under_its_path_counts(path: str, text: str, counts: bool) -> None:
    (line,) = lines()
    snippet = Snippet(path, clear(text), "map", "", 0, 0.0)
    assert (signed(line, Gathered("", 1, (snippet,), ())) == {"size"}) is counts


def package() -> Package:
    return measure("pkg", 2, lines(), 512)


def test_shares() -> None:
    found = package()
    assert found.language == "Python"
    assert found.tally(Shown.WINDOW).signed.part == 0
    assert found.tally(Shown.WINDOW).used.part == 1
    assert found.tally(Shown.MAP).signed.part == 1
    assert found.tally(Shown.ALL).used.part == 2
    row = as_json(found)
    assert row["lines"] == 1


def test_the_plot_is_a_drawing() -> None:
    root = ET.fromstring(drawn([package()]))
    assert root.tag.endswith("svg")
    assert "pkg" in "".join(root.itertext())


def test_the_project_of_the_speed_test_hangs_together(tmp_path: Path) -> None:
    write_project(tmp_path, 60)
    texts = {
        path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.py")
    }
    made = MemoryView(str(tmp_path), texts)
    facts = made.facts("part000/order_0.py")
    assert len(texts) == 60
    assert facts is not None
    assert len(facts.imports) >= 5
    assert 1_500 < len(texts["part000/order_0.py"]) < 2_500

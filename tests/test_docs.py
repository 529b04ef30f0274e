"""What the pages for people point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]

# The places of our own, as pages name them: rooms, files, tests.
_PLACE = re.compile(
    r"`((?:fimls|tests|docs|text|syntax|lsp|cli|completion|settings)/(?:[\w./-]*(?:/|\.\w+))?)`"
)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [link for link in _LINK.findall(text) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_places_exist(page: Path) -> None:
    named = _PLACE.findall(page.read_text(encoding="utf-8"))
    assert [
        each for each in named if not ((ROOT / each).exists() or (ROOT / "fimls" / each).exists())
    ] == []


def test_every_room_is_in_the_architecture() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "fimls").glob("*/__init__.py")}
    assert sorted(room for room in rooms if f"`{room}/`" not in page) == []
    assert page.count("\n") <= 110


def test_every_target_of_make_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    for target in phony.split():
        assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE), target

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from fimls.cli.picture import Picture, drawn
from fimls.cli.stage import Beat, Frame
from fimls.errors import InputError
from tests.test_architecture import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "def area(a, b):\n    return \n"
END = len(TEXT) - 1
FRAME = Frame("shop.py", TEXT, END, "a * b", status="a model", says="12 ms")

# What a page that shows it can do with; the readers of the README pay for it.
_MOST_BYTES = 20_000


def readable(svg: str) -> str:
    """What a reader sees of it, with ordinary blanks."""
    return "".join(ET.fromstring(svg).itertext()).replace("\N{NO-BREAK SPACE}", " ")


def check_alone(svg: str) -> None:
    """It is a picture that needs nothing from elsewhere: only the namespace has an address."""
    assert svg.replace('xmlns="http://www.w3.org/2000/svg"', "").count("//") == 0
    assert "@font-face" not in svg
    assert len(svg.encode()) < _MOST_BYTES
    assert ET.fromstring(svg).tag.endswith("svg")


def test_a_drawn_frame() -> None:
    check_alone(drawn(FRAME))
    # The cursor stands on the first character of the ghost text.
    for part in ("shop.py", "return", "* b", "a model", "12 ms"):
        assert part in readable(drawn(FRAME))


def test_the_picture_of_the_readme() -> None:
    svg = (ROOT / "docs" / "images" / "demo.svg").read_text(encoding="utf-8")
    check_alone(svg)
    assert "Tab accepts" in readable(svg)
    assert "docs/images/demo.svg" in (ROOT / "README.md").read_text(encoding="utf-8")


async def played(stage: Picture, *offers: tuple[str, int]) -> None:
    """Shows offers, each with the number of characters that are accepted of it."""
    with stage:
        for ghost, fresh in offers:
            await stage.show(Frame("shop.py", TEXT, END, ghost), Beat.SHOW)
            beat = Beat.ACCEPT if fresh else Beat.TYPE_ON
            await stage.show(Frame("shop.py", TEXT, END, fresh=fresh), beat)


@pytest.mark.parametrize(
    ("offers", "best"),
    [
        ([("a", 1), ("a * b", 5), ("b", 1)], "a * b"),
        # What was not meant, as a whole or in part, is no advertisement.
        ([("a", 1), ("a * b", 0)], "a"),
        ([("a", 1), ("a * b\n\nc", 5)], "a"),
    ],
)
async def test_the_most_telling_moment(
    offers: list[tuple[str, int]], best: str, tmp_path: Path
) -> None:
    stage = Picture(tmp_path / "demo.svg")
    await played(stage, *offers)
    assert stage.best is not None
    assert stage.best.ghost == best
    check_alone((tmp_path / "demo.svg").read_text(encoding="utf-8"))


async def test_no_picture_of_nothing(tmp_path: Path) -> None:
    await played(Picture(tmp_path / "demo.svg"))
    assert not [each.name for each in os.scandir(tmp_path)]


async def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"demo\.svg cannot be written"):
        await played(Picture(tmp_path / "missing" / "demo.svg"), ("a", 1))

"""The demo's scenes: the parts of the bundled sample that are missing, and that the author writes.

A scene is a picture of its part of the file.  What stands between `├` and `┤` is missing when the
scene begins, and each `█` in it is a place where the author stops for a moment to think.  The rest
of the file is there, before and after: the author's text is the sample itself, and nothing else
decides what is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

SAMPLE = Path(__file__).with_name("sample")
"""The folder of the sample project."""

PICTURES: tuple[tuple[str, str], ...] = (
    # The body of a one-line method, from its name and the fields above it.
    (
        "inventory.py",
        """def total(self) -> float:
        ├█return self.price * self.quantity┤""",
    ),
    # A small model is not sure here: shown only when the author asks by the key.
    (
        "inventory.py",
        """def __init__(self, items: list[Item] | None = None) -> None:
        ├self.items = items or █[]┤""",
    ),
    # A signature from what the class is; then a line where a small model thinks of another one.
    (
        "inventory.py",
        """├def █add(self, item: Item) -> None:
        █self.█items.append(item)┤""",
    ),
    # A loop, line by line.
    (
        "inventory.py",
        """def find(self, name: str) -> Item | None:
        ├for █item in self.items:
            █if item.name == name:
                █return item
        █return None┤""",
    ),
    # From the middle of an expression.
    (
        "inventory.py",
        """def value(self) -> float:
        ├return sum(item.total() for █item in self.items)┤""",
    ),
    # What the file imports tells how it reads its data.
    (
        "inventory.py",
        """with open(path) as file:
        ├data █= json.load(file)┤""",
    ),
    # The second language: types from the names of fields.
    (
        "cart.ts",
        """export interface Line {
  ├product: █Product;
  quantity: █number;┤""",
    ),
    (
        "cart.ts",
        """clear(): void {
    ├█this.lines = [];┤""",
    ),
    # What was summed up in the lines above.
    (
        "cart.ts",
        """sum += line.product.price * line.quantity;
    }
    ├return █sum;┤""",
    ),
    (
        "cart.ts",
        """├isEmpty(): █boolean {
    █return this.lines.length === 0;┤""",
    ),
)
"""Each scene's file and picture, in the order in which they are played."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of a file that the author writes: `text[start:end]`, of the file's whole `text`.

    `pauses` are the offsets, in order, before which the author stops for a moment.
    """

    path: str
    text: str
    start: int
    end: int
    pauses: tuple[int, ...]

    @property
    def without(self) -> str:
        """The file as it is when the scene begins."""
        return self.text[: self.start] + self.text[self.end :]


def scenes() -> tuple[Scene, ...]:
    """All scenes in their order; raises `ValueError` for one that is not in the sample."""
    return tuple(scene_of(path, _sample(path), drawn) for path, drawn in PICTURES)


def scene_of(path: str, text: str, drawn: str) -> Scene:
    """The scene that a picture shows of a text; raises `ValueError` unless it is there once."""
    from fimls.testing.marks import marked

    seen = marked(drawn)
    if text.count(seen.result) != 1:
        raise ValueError(f"a scene shows a part of {path} that is there once, not this:\n{drawn}")
    start = text.index(seen.result) + seen.offset
    borders = accumulate((len(chunk) for chunk in seen.chunks[:-1]), initial=start)
    return Scene(path, text, start, start + len(seen.inserted), tuple(borders)[1:])


def _sample(path: str) -> str:
    return (SAMPLE / path).read_text(encoding="utf-8")

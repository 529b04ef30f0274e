"""What the tests of shapes have in common: pictures, and what is decided at their cursors."""

from __future__ import annotations

from fimls.completion import shape
from fimls.completion.values import Extent, Reason, Shape, Skip
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.hole import Hole
from fimls.text.languages import language_of

LINE = Extent.LINE
BLOCK = Extent.BLOCK


def decided(
    drawn: str,
    language: str,
    *,
    explicit: bool = False,
    multiline: str = "auto",
    single_line: bool = False,
    with_tree: bool = True,
) -> Shape | Skip:
    """What is decided at the cursor of a picture."""
    said = marked(drawn)
    hole = Hole(said.text, said.offset, language_of(language))
    tree = parse(said.text, hole.language.grammar) if with_tree else None
    return shape.decide(hole, tree, explicit=explicit, multiline=multiline, single_line=single_line)


def check_shape(
    drawn: str, expected: Extent | Reason, language: str = "python", *, by_text: bool = True
) -> None:
    """Checks what is decided for an automatic request, with a tree and, `by_text`, without."""
    for with_tree in (True, False) if by_text else (True,):
        found = decided(drawn, language, with_tree=with_tree)

        assert (found.reason if isinstance(found, Skip) else found.extent) == expected, with_tree

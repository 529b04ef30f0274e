from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from fimls.cli.author import Author, Offer, in_common
from fimls.cli.editor import Editor, Ghost
from fimls.cli.scenes import scene_of
from fimls.cli.stage import Beat, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.testing.lsp_client import LspClient


class Recorder:
    """A stage that keeps what is shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[Beat, Frame]] = []

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    async def show(self, frame: Frame, beat: Beat) -> None:
        self.shown.append((beat, frame))

    @property
    def beats(self) -> list[Beat]:
        return [beat for beat, _frame in self.shown if beat not in (Beat.KEY, Beat.ASK)]


class Typewriter(Editor):
    """An editor whose server offers what a test says, in this order; "" is nothing."""

    def __init__(self, offers: Sequence[str]) -> None:
        super().__init__(cast("LspClient", None), Path("/shop"))
        self.offers = list(offers)
        self.keys: list[str] = []
        self.explicit: list[bool] = []
        self.whole: list[str] = []

    def open(self, path: str, text: str, offset: int) -> None:
        self.path, self.text, self.offset = path, text, offset

    def type(self, text: str) -> None:
        self.keys.append(text)
        self.text = self.text[: self.offset] + text + self.text[self.offset :]
        self.offset += len(text)

    async def ask(self, *, explicit: bool) -> Ghost | None:
        self.explicit.append(explicit)
        offered = self.offers.pop(0) if self.offers else ""
        return Ghost(offered, None) if offered else None

    async def accept(self, ghost: Ghost, text: str) -> None:
        self.type(text)
        if text == ghost.text:
            self.whole.append(text)


TEXT = "def f(a):\n    if a:\n        return a\n    return None\n"


async def written(drawn: str, *offers: str) -> tuple[list[Offer], Typewriter, Recorder]:
    """What came of a scene of the text; in the end it is always written as it should be."""
    editor, stage = Typewriter(offers), Recorder()
    result = await Author(editor, stage, "a model").write(scene_of("f.py", TEXT, drawn))
    lines = zip(editor.text.split("\n"), TEXT.split("\n"), strict=True)
    assert [line.rstrip() for line, _ in lines] == [line.rstrip() for line in TEXT.split("\n")]
    return result, editor, stage


async def test_what_was_meant_is_accepted() -> None:
    offers, editor, stage = await written("    return ├█None┤", "None")
    assert offers[0].accepted == "None"
    assert (offers[0].line, offers[0].column, offers[0].explicit) == (4, 12, False)
    assert stage.beats == [Beat.SHOW, Beat.ACCEPT]
    assert editor.whole == ["None"]
    assert stage.shown[-1][1].fresh == len("None")


async def test_anything_else_is_typed_over() -> None:
    offers, editor, stage = await written("    return ├█None┤", "a")
    assert (offers[0].text, offers[0].accepted) == ("a", "")
    assert stage.beats == [Beat.SHOW, Beat.TYPE_ON]
    assert editor.keys == ["N", "o", "n", "e"]


async def test_the_key_is_pressed_where_nothing_is_shown() -> None:
    offers, editor, stage = await written("    return ├█None┤", "", "None")
    assert editor.explicit == [False, True]
    assert (offers[0].explicit, offers[0].accepted) == (True, "None")
    assert stage.beats == [Beat.NOTHING, Beat.SHOW, Beat.ACCEPT]


async def test_nothing_at_all() -> None:
    offers, _editor, stage = await written("    return ├█None┤")
    assert (offers[0].text, offers[0].explicit, offers[0].accepted) == (None, True, "")
    assert stage.beats == [Beat.NOTHING, Beat.NOTHING]


async def test_a_block_is_accepted_as_a_whole() -> None:
    block = "if a:\n        return a\n    return None"
    drawn = "def f(a):\n    ├█if a:\n        █return a\n    return None┤"
    offers, editor, _stage = await written(drawn, block)
    # The second stop lies in what was accepted.
    assert [offer.accepted for offer in offers] == [block]
    assert editor.keys == [block]


async def test_of_a_block_only_what_was_meant_is_taken() -> None:
    drawn = "def f(a):\n    ├█if a:\n        █return a┤"
    offers, editor, _stage = await written(drawn, "if a:\n        pass", "return a")
    assert [offer.accepted for offer in offers] == ["if a:", "return a"]
    # The server hears of texts that were accepted as a whole only.
    assert editor.whole == ["return a"]
    # An editor indents by itself, so that is one key.
    assert editor.keys == ["if a:", "\n        ", "return a"]


async def test_the_last_line_is_not_accepted_beyond_the_scene() -> None:
    offers, _editor, _stage = await written("        ├█return a┤", "return a\n    return None")
    assert offers[0].accepted == "return a"


@pytest.mark.parametrize(
    ("ghost", "meant", "taken"),
    [
        ("a + b", "a + b", "a + b"),
        # What is offered may be shorter than what is meant by whole lines only.
        ("a +", "a + b", ""),
        ("a + b", "a +", ""),
        ("a", "a\nb", "a"),
        ("a\nc", "a\nb", "a"),
        ("a\nb\n", "a\nb", "a\nb"),
        # Blanks at the end of a line are nobody's intention.
        ("a  ", "a", "a  "),
        ("a", "a ", "a"),
        # Those at its begin are.
        (" a", "a", ""),
        # The next line, offered at the end of this one.
        ("\n    b", "\n    b", "\n    b"),
        # A mere line end is nothing to accept.
        ("\n    b", "\n    c", ""),
        ("", "a", ""),
    ],
)
def test_in_common(ghost: str, meant: str, taken: str) -> None:
    assert in_common(ghost, meant) == taken

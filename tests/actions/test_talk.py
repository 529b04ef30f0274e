"""What is taken from a model's words: loops, and what it says of itself."""

from __future__ import annotations

import pytest

from fimls.actions.loops import IN_CODE, without_loop
from fimls.actions.roles import without_role

LINE = "It returns the list."
OTHER = "It takes the other one."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"a\n{LINE}\n{LINE}\n{LINE}\n", f"a\n{LINE}"),
        # Blank lines between are none.
        (f"{LINE}\n\n{LINE}\n\n{LINE}\n\n", LINE),
        # Several lines that come together.
        (f"{LINE}\n{OTHER}\n" * 3, f"{LINE}\n{OTHER}"),
        # However often.
        (f"{LINE}\n" * 40, LINE),
        # Twice may be meant, and short lines are alike.
        (f"{LINE}\n" * 2, None),
        ("- a\n" * 5, None),
        # The line that is being said does not count.
        (f"{LINE}\n{LINE}\n{LINE}", None),
        (f"{LINE}\n{LINE}\n{LINE}\n{OTHER}\n", None),
        ("", None),
    ],
)
def test_loops_are_ended(text: str, kept: str | None) -> None:
    assert without_loop(text) == kept


def test_code_may_repeat_itself_a_little() -> None:
    line = "    print(calculate(10))\n"

    assert without_loop(line * (IN_CODE - 1), IN_CODE) is None
    assert without_loop(line * IN_CODE, IN_CODE) == line.rstrip()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("As an AI language model, I cannot run it. It lists files.", "It lists files."),
        ("I'm an AI programming assistant.\n\nIt lists files.", "It lists files."),
        ("It lists files. As a language model I may err.", "It lists files."),
        # What the code is about may be that.
        ("It asks a language model.", "It asks a language model."),
        ("```\nas an AI\n```", "```\nas an AI\n```"),
    ],
)
def test_models_do_not_speak_of_themselves(said: str, kept: str) -> None:
    assert without_role(said) == kept

"""What the server has to read anew of a prompt, reckoned from those before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fimls.completion.reading import Reading, Share
from tests.completion.conftest import CODE_LLAMA


@pytest.mark.parametrize(
    ("before", "prompt", "saves_prompts", "share"),
    [
        # The first of all.
        ([], "abc", True, Share(0, 3)),
        # Typed on: the head is known.
        (["abc|x"], "abcd|x", True, Share(3, 3)),
        # The same again.
        (["abc"], "abc", True, Share(3, 0)),
        # The head has moved.
        (["abc"], "bcd", True, Share(0, 3)),
        # Back from another file: only a server that saves prompts still knows this one.
        (["abc", "xyz"], "abcd", True, Share(3, 1)),
        (["abc", "xyz"], "abcd", False, Share(0, 4)),
    ],
)
def test_share(before: list[str], prompt: str, saves_prompts: bool, share: Share) -> None:
    reading, known = Reading(), replace(CODE_LLAMA, saves_prompts=saves_prompts)
    for each in before:
        reading.asked(each, known)

    assert reading.share(prompt, known) == share
    assert reading.asked(prompt, known) == share

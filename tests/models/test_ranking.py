"""Which of several models is taken."""

from __future__ import annotations

import pytest

from fimls.models.ranking import Offer, pick

CODE_7B = Offer("codellama:7b-code", 3_800_000_000, fills=True)
CODE_13B = Offer("codellama:13b-code", 7_400_000_000, fills=True)
LOADED_13B = Offer("codellama:13b-code", 7_400_000_000, fills=True, loaded=True)
INSTRUCT = Offer("codellama:7b-instruct", 3_800_000_001, fills=True)
SMALL = Offer("small-coder:1b", 1_000_000_000, fills=True)
CHAT = Offer("llama3:8b", 4_700_000_000, fills=False, loaded=True)


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        # The preferred one wins over what is loaded, and over what is smaller.
        ([LOADED_13B, CODE_7B, SMALL], "codellama:7b-code"),
        # What is loaded costs no load.
        ([SMALL, INSTRUCT, LOADED_13B], "codellama:13b-code"),
        # The smaller of two that are equal otherwise.
        ([CODE_13B, INSTRUCT], "codellama:7b-instruct"),
        # What cannot fill in the middle is not taken unasked, loaded or not.
        ([CHAT], None),
        ([CHAT, CODE_13B], "codellama:13b-code"),
        ([], None),
    ],
)
def test_pick(offers: list[Offer], expected: str | None) -> None:
    assert pick(offers) == expected

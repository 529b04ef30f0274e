"""Insisting: of a few answers that fit, which one is shown, and how many are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.models.protocol import Piece
from tests.completion.test_candidates import causal, texts, want, ways

if TYPE_CHECKING:
    from tests.completion.conftest import Desk

PICTURE = "a = 0\nx =█\nprint(x)\n"


def said(text: str, logprob: float) -> Piece:
    """An answer of one token, and how likely that was."""
    return Piece(f"{text}\n", logprobs=(logprob,))


@pytest.mark.parametrize(
    ("answers", "shown", "asked"),
    [
        # It is likely enough by itself.
        ([(" 1", -1.0)], " 1", 1),
        # The second one is, with the suffix shown.
        ([(" 1", -3.0), (" 2", -1.0)], " 2", 2),
        # None is: the likeliest of four.
        ([(" 1", -5.0), (" 2", -4.0), (" 3", -3.0), (" 4", -6.0)], " 3", 4),
        # Of two that are as likely the first.
        ([(" 1", -3.0), (" 2", -3.0), (" 1", -3.0)], " 1", 4),
        # What does not fit counts as one that was asked for.
        ([(" )(", -1.0), (" )(", -1.0), (" )(", -1.0), (" 4", -6.0)], " 4", 4),
    ],
)
async def test_the_likeliest_of_a_few_is_shown(
    desk: Desk, answers: list[tuple[str, float]], shown: str, asked: int
) -> None:
    causal(desk, *([said(*each)] for each in answers))

    assert texts(await desk.answer(PICTURE, explicit=True)) == [shown]
    assert len(ways(desk)) == asked


async def test_what_leads_on_goes_before_what_is_likelier(desk: Desk) -> None:
    # The model says again what healing has cut from its prompt.
    causal(desk, [said("\n    return b", -0.1)], [said("\n    b += 1", -4.0)])

    answer = await desk.answer("def f(b):\n    █\n    return b + 1\n", explicit=True)

    assert texts(answer) == ["b += 1"]


async def test_without_probabilities_the_first_that_fits_is_shown(desk: Desk) -> None:
    causal(desk, " 1\n", " 2\n")

    assert texts(await desk.answer(PICTURE, explicit=True)) == [" 1"]
    assert len(ways(desk)) == 1


async def test_asked_again_it_is_the_same_without_asking_the_model(desk: Desk) -> None:
    causal(desk, [said(" 1", -5.0)], [said(" 2", -3.0)], [said(" 3", -4.0)])

    first = await desk.answer(PICTURE, explicit=True)
    again = await desk.answer(PICTURE, explicit=True)

    assert texts(first) == texts(again) == [" 2"]
    assert len(ways(desk)) == 4


async def test_those_that_were_not_chosen_are_candidates(desk: Desk) -> None:
    causal(desk, [said(" 1", -5.0)], [said(" 2", -3.0)], [said(" 3", -4.0)])
    await want(desk, 3)

    answer = await desk.answer(PICTURE, explicit=True)

    assert sorted(texts(answer)) == [" 1", " 2", " 3"]
    assert texts(answer)[0] == " 2"
    assert len(ways(desk)) == 4

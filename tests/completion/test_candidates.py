"""Asking again for the same hole: when, how often, and what comes of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.trace import as_json
from fimls.completion.values import Answer, Ask, Completion, Overtaken, Reason, SelectedItem, Skip
from fimls.errors import ModelFailed
from fimls.models.protocol import Capabilities, Piece
from fimls.models.slot import Priority
from fimls.settings import CompletionSettings, Settings
from fimls.testing.scripted import Pause
from tests.completion.conftest import URI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.completion.conftest import Desk

OTHER = "file:///project/b.py"
MARKER = "<file_sep>"
CAUSAL = Capabilities(
    family=None,
    context_tokens=2048,
    can_force=True,
    gives_logprobs=True,
    single_line=True,
    file_marker=MARKER,
)

# What does not fit after `x = `, whatever is left of it.
BROKEN = " )(\n"


def texts(answer: Answer) -> list[str]:
    """All texts of a completion, the shown one first."""
    if not isinstance(answer, Completion):
        return []
    return [answer.text, *(each.text for each in answer.candidates)]


def reason(answer: Answer) -> Reason | None:
    return answer.reason if isinstance(answer, Skip) else None


def causal(desk: Desk, *answers: Any) -> None:
    """A model that only goes on, and what it says to one request after the other."""
    desk.model.capabilities = CAUSAL
    in_turn(desk, *answers)


def in_turn(desk: Desk, *answers: Any) -> None:
    """What the model says to one request after the other; the last one for ever."""
    left = list(answers)

    def speak(_prompt: str) -> Any:
        said = left.pop(0) if len(left) > 1 else left[0]
        return [said] if isinstance(said, str | Piece) else said

    desk.model.answer = speak


async def want(desk: Desk, count: int) -> None:
    """Sets how many candidates an explicit request offers."""
    settings = Settings(completion=CompletionSettings(candidates=count, speculate="off"))
    await desk.completer.configure(settings, frozenset())


def ways(desk: Desk) -> list[str]:
    """How the model was asked, each time."""
    return [_way(request) for request in desk.model.requests]


def _way(request: Any) -> str:
    if request.temperature:
        return f"drawn {request.temperature} {request.seed}"
    return "suffix" if MARKER in request.prompt else "plain"


@pytest.mark.parametrize(
    ("answers", "shown", "asked"),
    [
        # The first fits: there is nothing more to ask.
        ([" 1\n"], " 1", ["plain"]),
        # It breaks the syntax: another answer is drawn.
        ([BROKEN, " 1\n"], " 1", ["plain", "drawn 0.4 1"]),
        # None of them fits: the suffix is shown.
        (
            [BROKEN, BROKEN, BROKEN, " 1\n"],
            " 1",
            ["plain", "drawn 0.4 1", "drawn 0.4 2", "suffix"],
        ),
        (
            [BROKEN, BROKEN, BROKEN, BROKEN, " 1\n"],
            " 1",
            ["plain", "drawn 0.4 1", "drawn 0.4 2", "suffix", "drawn 0.4 3"],
        ),
        # Nothing fits, and then that is it.
        (
            [BROKEN],
            None,
            ["plain", "drawn 0.4 1", "drawn 0.4 2", "suffix", "drawn 0.4 3"],
        ),
        # It has nothing to say.
        ([" ", " 1\n"], " 1", ["plain", "drawn 0.4 1"]),
        # A model that fails is not asked for more.
        ([[ModelFailed("out of memory")]], None, ["plain"]),
    ],
)
async def test_what_is_tried_where_the_first_answer_does_not_fit(
    desk: Desk, answers: Sequence[Any], shown: str | None, asked: Sequence[str]
) -> None:
    causal(desk, *answers)

    answer = await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)

    assert texts(answer) == ([] if shown is None else [shown])
    assert ways(desk) == asked
    assert desk.model.max_open == 1


async def test_a_model_that_goes_on_from_something_else_gets_another_try(desk: Desk) -> None:
    causal(desk, "y\n", " 1\n")

    assert texts(await desk.answer("a = 0\nx = █\nprint(x)\n", explicit=True)) == ["1"]


async def test_a_question_that_nobody_asked_by_a_key_is_asked_once(desk: Desk) -> None:
    causal(desk, BROKEN)

    answer = await desk.answer("a = 0\nx =█\nprint(x)\n")

    assert reason(answer) is Reason.BREAKS_SYNTAX
    assert ways(desk) == ["plain"]


async def test_a_model_that_fills_in_the_middle_is_asked_once(desk: Desk) -> None:
    in_turn(desk, BROKEN)

    answer = await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)

    assert reason(answer) is Reason.BREAKS_SYNTAX
    assert len(desk.model.requests) == 1


@pytest.mark.parametrize(
    ("picture", "changes"),
    [
        # Nothing follows that could be shown.
        ("a = 0\nx =█\n", {}),
        # Its vocabulary has no token for files.
        ("a = 0\nx =█\nprint(x)\n", {"file_marker": ""}),
    ],
)
async def test_where_the_suffix_cannot_be_shown_answers_are_drawn_at_once(
    desk: Desk, picture: str, changes: dict[str, Any]
) -> None:
    causal(desk, BROKEN, " 1\n")
    desk.becomes(**changes)

    answer = await desk.answer(picture, explicit=True)

    assert texts(answer) == [" 1"]
    assert ways(desk) == ["plain", "drawn 0.4 1"]


async def test_all_attempts_together_take_no_longer_than_one_question(desk: Desk) -> None:
    causal(desk, [Pause(4), BROKEN])
    began_s = desk.clock.now()

    answer = await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)

    assert reason(answer) is Reason.TIMED_OUT
    assert desk.clock.now() - began_s == pytest.approx(15)
    assert len(desk.model.requests) == 4


async def test_an_edit_ends_the_attempts(desk: Desk) -> None:
    causal(desk, BROKEN, [Pause(60)])
    asked = desk.ask("a = 0\nx =█\nprint(x)\n", explicit=True)
    await desk.clock.settle()

    desk.open("a = 1\nx =█\nprint(x)\n")
    await desk.clock.settle()

    assert isinstance(await asked, Overtaken)
    assert (len(desk.model.requests), desk.model.open) == (2, 0)


async def test_taking_the_question_back_ends_the_attempts(desk: Desk) -> None:
    causal(desk, BROKEN, [Pause(60)])
    asked = desk.ask("a = 0\nx =█\nprint(x)\n", explicit=True)
    await desk.clock.settle()

    asked.cancel()
    await desk.clock.advance(1)

    assert (len(desk.model.requests), desk.model.open) == (2, 0)


@pytest.mark.parametrize("priority", [Priority.AUTOMATIC, Priority.ACTION])
async def test_nobody_waits_for_more_than_one_attempt(desk: Desk, priority: Priority) -> None:
    gate = asyncio.Event()
    causal(desk, [gate, BROKEN])
    asked = desk.ask("a = 0\nx =█\nprint(x)\n", explicit=True)
    await desk.clock.settle()
    slot = desk.completer._env.slot
    other = slot.start(lambda: desk.model.generate(desk.model.requests[0]), priority)
    gate.set()

    assert reason(await desk.clock.drive(asked)) is Reason.BREAKS_SYNTAX
    await desk.clock.drive(other.closed.wait())
    assert other.error is None
    assert len(desk.model.requests) == 2


async def test_what_has_been_asked_by_itself_is_not_asked_again_by_a_key(desk: Desk) -> None:
    causal(desk, BROKEN, " 1\n")
    picture = "a = 0\nx =█\nprint(x)\n"

    assert reason(await desk.answer(picture)) is Reason.BREAKS_SYNTAX
    assert texts(await desk.answer(picture, explicit=True)) == [" 1"]
    assert ways(desk) == ["plain", "drawn 0.4 1"]


async def test_two_questions_about_a_hole_share_their_attempts(desk: Desk) -> None:
    causal(desk, [Pause(1), BROKEN], [Pause(1), BROKEN], [Pause(1), " 1\n"])
    picture = "a = 0\nx =█\nprint(x)\n"
    offset = desk.open(picture)
    snap = desk.documents.at(URI)
    assert snap is not None
    question = Ask(snap, snap.hole_at(offset), explicit=True)

    both = asyncio.gather(*(desk.completer.complete(question) for _ in range(2)))

    assert [texts(answer) for answer in await desk.clock.drive(both)] == [[" 1"], [" 1"]]
    assert ways(desk) == ["plain", "drawn 0.4 1", "drawn 0.4 2"]


async def test_typing_along_goes_on_with_the_attempt_that_was_shown(desk: Desk) -> None:
    causal(desk, BROKEN, " 12\n")
    await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)

    answer = await desk.answer("a = 0\nx = 1█\nprint(x)\n")

    assert texts(answer) == ["2"]
    assert len(desk.model.requests) == 2


async def test_what_was_shown_stays_however_sure_the_model_is(desk: Desk) -> None:
    causal(desk, Piece(" 12", logprobs=(-9.0,)))
    await desk.answer("a = 0\nx =█\n", explicit=True)

    assert texts(await desk.answer("a = 0\nx = 1█\n")) == ["2"]


async def test_the_explanation_has_all_attempts_and_is_about_the_shown_one(desk: Desk) -> None:
    causal(desk, BROKEN, BROKEN, BROKEN, " 1\n")
    await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)
    trace = desk.completer.last(URI)
    assert trace is not None

    row: Any = as_json(trace, explain=True)

    first, *_, last = row["attempts"]
    assert first == {
        "mode": "prefix",
        "temperature": 0.0,
        "seed": 42,
        "raw": BROKEN,
        "text": "",
        "skip": "the text would break the syntax",
    }
    assert last == {
        "mode": "spm",
        "temperature": 0.0,
        "seed": 42,
        "raw": " 1\n",
        "text": " 1",
        "skip": None,
    }
    assert len(row["attempts"]) == 4
    assert (row["raw"], row["mode"]) == (" 1\n", "spm")
    assert row["prompt"] == f"{MARKER}after_cursor.py\nprint(x)\n{MARKER}main.py\na = 0\nx ="


# Several to choose from.


@pytest.mark.parametrize(
    ("count", "answers", "expected", "requests"),
    [
        # One is what everybody gets.
        (1, ["1\n", "2\n"], ["1"], 1),
        # The shown one first, then the others.
        (3, ["1\n", "2\n", "3\n", "4\n"], ["1", "2", "3"], 3),
        # The same again is no other one.
        (3, ["1\n", "1\n", "1 \n", "2\n", "2\n", "3\n"], ["1", "2", "3"], 6),
        # A model that says nothing else is not asked for ever.
        (4, ["1\n"], ["1"], 7),
        # What does not fit is none, and neither is nothing.
        (2, ["1\n", ")(\n", "", "2\n"], ["1", "2"], 4),
        # A model that fails is not asked again; what is there is shown.
        (3, ["1\n", "2\n", [ModelFailed("out of memory")]], ["1", "2"], 3),
        # Where the shown one does not come, others are of no use.
        (3, [[ModelFailed("out of memory")]], [], 1),
    ],
)
async def test_several_candidates(
    desk: Desk, count: int, answers: Sequence[Any], expected: Sequence[str], requests: int
) -> None:
    await want(desk, count)
    in_turn(desk, *answers)

    answer = await desk.answer("x = █\n", explicit=True)

    assert texts(answer) == expected
    assert len(desk.model.requests) == requests
    assert desk.model.max_open == 1
    asked = [(request.temperature, request.seed) for request in desk.model.requests]
    assert len(set(asked)) == requests


async def test_nobody_who_has_not_asked_waits_for_several(desk: Desk) -> None:
    await want(desk, 4)
    in_turn(desk, "1\n", "2\n")

    assert texts(await desk.answer("x = █\n")) == ["1"]
    assert len(desk.model.requests) == 1


async def test_each_candidate_has_its_own_number_and_range(desk: Desk) -> None:
    await want(desk, 2)
    in_turn(desk, "a)\n", "b\n")

    answer = await desk.answer("f(█)\n", explicit=True)

    assert isinstance(answer, Completion)
    [other] = answer.candidates
    assert answer.ident != other.ident
    assert {(each.text, each.start, each.end) for each in (answer, other)} == {
        ("a", 2, 2),
        ("b", 2, 2),
    }


async def test_candidates_begin_with_the_selected_item(desk: Desk) -> None:
    await want(desk, 3)
    in_turn(desk, "(1)\n", "(2)\n")

    answer = await desk.answer("x.app█\n", explicit=True, selected=SelectedItem(2, 5, "append"))

    assert texts(answer) == ["append(1)", "append(2)"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # The one that the gate had to mend comes after the one that fits as it is.
        (["1\n", "2)\n", "3\n"], ["1", "3", "2"]),
        # The one that goes on as the document does comes before one that does not.
        (["1\n", "2\nother()\n", "3\nprint(x)\n"], ["1", "3", "2"]),
        # Of two that are as good the one that the model is surer of.
        (
            ["1\n", Piece("2\n", logprobs=(-3.0,)), Piece("3\n", logprobs=(-1.0,))],
            ["1", "3", "2"],
        ),
    ],
)
async def test_the_best_of_the_others_comes_first(
    desk: Desk, answers: Sequence[Any], expected: Sequence[str]
) -> None:
    await want(desk, 3)
    in_turn(desk, *answers)

    answer = await desk.answer("a = 0\nx = █\nprint(x)\n", explicit=True)

    assert texts(answer) == expected


async def test_when_time_is_over_what_is_there_is_shown(desk: Desk) -> None:
    await want(desk, 4)
    in_turn(desk, "1\n", "2\n", [Pause(60)])
    began_s = desk.clock.now()

    answer = await desk.answer("x = █\n", explicit=True)

    assert texts(answer) == ["1", "2"]
    assert desk.clock.now() - began_s == pytest.approx(15)


async def test_an_edit_overtakes_them_all(desk: Desk) -> None:
    await want(desk, 3)
    in_turn(desk, "1\n", [Pause(60)])
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()

    desk.open("y = █\n")
    await desk.clock.settle()

    assert isinstance(await asked, Overtaken)
    assert desk.model.open == 0


async def test_asked_again_the_same_are_there_without_asking_the_model(desk: Desk) -> None:
    await want(desk, 3)
    in_turn(desk, "1\n", "2\n", "3\n", "4\n")
    before = await desk.answer("x = █\n", explicit=True)

    after = await desk.answer("x = █\n", explicit=True)

    assert texts(before) == texts(after) == ["1", "2", "3"]
    assert len(desk.model.requests) == 3


async def test_who_asks_for_more_of_what_is_shown_sees_it_first(desk: Desk) -> None:
    await want(desk, 2)
    in_turn(desk, "one + two\n", "s\n")
    await desk.answer("x = █\n")

    answer = await desk.answer("x = one█\n", explicit=True)

    assert texts(answer) == [" + two", "s"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # All three go on from this: the first stays.
        ("1", ["0"]),
        # The author has chosen another one.
        ("12", ["0"]),
    ],
)
async def test_typing_along_a_candidate(desk: Desk, typed: str, expected: list[str]) -> None:
    await want(desk, 3)
    in_turn(desk, "10\n", "120\n", "130\n")
    await desk.answer("x = █\n", explicit=True)

    answer = await desk.answer(f"x = {typed}█\n")

    assert texts(answer) == expected
    assert len(desk.model.requests) == 3


async def test_a_question_that_waits_ends_the_candidates(desk: Desk) -> None:
    gate = asyncio.Event()
    await want(desk, 4)
    in_turn(desk, "1\n", [gate, "2\n"], "3\n")
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()
    other = desk.ask("y = █\n", uri=OTHER)
    await desk.clock.advance(0.3)
    gate.set()

    assert texts(await desk.clock.drive(asked)) == ["1", "2"]
    assert texts(await desk.clock.drive(other)) == ["3"]
    assert len(desk.model.requests) == 3


async def test_an_explicit_question_elsewhere_overtakes_them(desk: Desk) -> None:
    await want(desk, 4)
    in_turn(desk, "1\n", [Pause(60)], "3\n")
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()

    other = desk.ask("y = █\n", explicit=True, uri=OTHER)
    await desk.clock.settle()

    assert isinstance(await asked, Overtaken)
    assert desk.model.max_open == 1
    assert "3" in texts(await desk.clock.drive(other))


async def test_a_model_that_only_goes_on_is_shown_the_suffix_for_another_one(desk: Desk) -> None:
    await want(desk, 4)
    causal(desk, " 1\n", " 2\n", " 3\n", " 4\n")

    answer = await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)

    assert texts(answer) == [" 1", " 2", " 3", " 4"]
    assert ways(desk) == ["plain", "drawn 0.4 1", "drawn 0.4 2", "suffix"]


async def test_an_attempt_that_was_shown_is_no_candidate_too(desk: Desk) -> None:
    await want(desk, 2)
    causal(desk, BROKEN, " 1\n", " 2\n")

    answer = await desk.answer("a = 0\nx =█\nprint(x)\n", explicit=True)

    assert texts(answer) == [" 1", " 2"]
    assert ways(desk) == ["plain", "drawn 0.4 1", "drawn 0.4 2"]

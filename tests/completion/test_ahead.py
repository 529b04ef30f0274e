"""Asking ahead: the next line is there when the author comes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.completion.values import Answer, Completion, Overtaken
from fimls.errors import ModelFailed
from fimls.models.status import State
from fimls.settings import CompletionSettings, Settings
from fimls.testing.scripted import Pause
from tests.completion.conftest import URI, Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

# What the author writes, and how far the model knows it.
HEAD = "def f(xs):\n    "
LINES = ("total = 0", "\n    for x in xs:", "\n        total += x", "\n    return total")
TAIL = "\n\nprint(f([]))\n"

LETTER_S = 0.01


def shown(answer: Answer) -> str | None:
    return answer.text if isinstance(answer, Completion) else None


def typed(lines: int, more: str = "") -> str:
    """The document with so many lines written, as a picture."""
    return HEAD + "".join(LINES[:lines]) + more + "█" + TAIL


def says(lines: int, then: str = "\n") -> Callable[[str], list[object]]:
    """A model that goes on with so many lines of what the author writes, and then with others."""

    def speak(prompt: str) -> list[object]:
        written = prompt.partition(" <SUF>")[0].partition(HEAD)[2]
        at = len(written)
        rest = ["".join(LINES)[at:]]
        for line in range(len(LINES)):
            end = len("".join(LINES[: line + 1]))
            if end > at:
                rest = ["".join(LINES[: line + lines])[at:]]
                break
        return [step for letter in rest[0] + then for step in (letter, Pause(LETTER_S))]

    return speak


async def speculate(desk: Desk, wish: Literal["auto", "on", "off"] = "auto") -> None:
    settings = Settings(completion=CompletionSettings(speculate=wish))
    await desk.completer.configure(settings, frozenset())


async def test_the_next_line_is_there_when_the_first_is_taken(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    await desk.clock.advance(1)
    asked, before_s = len(desk.model.requests), desk.clock.now()

    answer = await desk.answer(typed(1))

    assert shown(answer) == LINES[1]
    assert desk.clock.now() == before_s
    # The line after that is asked for now.
    await desk.clock.advance(LETTER_S)
    assert (asked, len(desk.model.requests)) == (2, 3)


async def test_it_is_there_for_who_types_the_line_too(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    for end in range(1, len(LINES[0]) + 1):
        answer = await desk.answer(typed(0, LINES[0][:end]))
        assert len(desk.model.requests) <= 2 or end == len(LINES[0])
        await desk.clock.advance(0.1)

    assert shown(answer) == LINES[1]


async def test_who_comes_there_first_joins_it(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    await desk.clock.advance(3 * LETTER_S)
    assert desk.model.open == 1

    answer = await desk.answer(typed(1))

    assert shown(answer) == LINES[1]
    assert len({request.prompt for request in desk.model.requests}) == len(desk.model.requests)


async def test_the_first_key_that_disagrees_ends_it(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    await desk.clock.advance(3 * LETTER_S)
    assert (len(desk.model.requests), desk.model.open) == (2, 1)

    desk.open(typed(0, "q"))
    await desk.clock.settle()

    assert desk.model.open == 0


async def test_it_is_asked_again_when_the_slip_is_mended(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    await desk.clock.advance(3 * LETTER_S)
    desk.open(typed(0, "q"))
    await desk.clock.advance(0.1)

    await desk.answer(typed(0))
    await desk.clock.advance(1)

    assert len(desk.model.requests) == 3
    assert shown(await desk.answer(typed(1))) == LINES[1]


async def test_who_asks_takes_the_model_from_it(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    await desk.clock.advance(3 * LETTER_S)
    desk.script("1\n")

    answer = await desk.answer("y = █\n", uri="file:///project/b.py")

    assert shown(answer) == "1"
    assert desk.model.max_open == 1


@pytest.mark.parametrize(
    ("wish", "is_battery", "letter_s", "requests"),
    [
        # As it is by default.
        ("auto", False, LETTER_S, 2),
        # On the train.
        ("auto", True, LETTER_S, 1),
        # The model writes more slowly than people read.
        ("auto", False, 0.2, 1),
        # The user wants it whatever it costs, and not at all.
        ("on", True, 0.2, 2),
        ("off", False, LETTER_S, 1),
    ],
)
async def test_whether_it_is_wanted(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    wish: Literal["auto", "on", "off"],
    is_battery: bool,
    letter_s: float,
    requests: int,
) -> None:
    monkeypatch.setattr("fimls.completion.power.on_battery", lambda: is_battery)
    await speculate(desk, wish)
    line = "total = alpha + beta + gamma + delta"
    desk.script(*(step for letter in f"{line}\n" for step in (letter, Pause(letter_s))))

    await desk.answer(typed(0))
    await desk.clock.advance(1)

    assert len(desk.model.requests) == requests


@pytest.mark.parametrize(
    "picture",
    [
        # No line would end where the text does.
        "print(█)\n",
        "x = █ + 1\n",
    ],
)
async def test_within_a_line_nothing_is_asked_ahead(desk: Desk, picture: str) -> None:
    await speculate(desk)
    desk.script("alpha")

    await desk.answer(picture, explicit=True)
    await desk.clock.advance(1)

    assert len(desk.model.requests) == 1


async def test_a_model_that_is_right_for_one_line_is_not_believed(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1, then="\n    return None\n")
    first = await desk.answer(typed(0), explicit=True)
    await desk.clock.advance(2)

    answer = await desk.answer(typed(1))

    assert shown(first) == "total = 0\n    return None"
    assert shown(answer) == LINES[1]


async def test_one_that_has_been_borne_out_is_believed(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(4)
    first = await desk.answer(typed(0), explicit=True)
    await desk.clock.advance(2)

    rests = []
    for lines in (1, 2, 3):
        rests.append(shown(await desk.answer(typed(lines))))
        await desk.clock.advance(2)

    assert shown(first) == "".join(LINES)
    assert rests == ["".join(LINES[lines:]) for lines in (1, 2, 3)]
    # It is asked after the first line, and after all of them.
    written = [prompt.partition(" <SUF>")[0].partition(HEAD)[2] for prompt in desk.model.prompts]
    assert written == ["", LINES[0], "".join(LINES)]


async def test_a_model_that_fails_is_not_asked_ahead_at_each_key(desk: Desk) -> None:
    await speculate(desk)
    once = says(1)

    def speak(prompt: str) -> list[object]:
        return once(prompt) if len(desk.model.requests) == 1 else [ModelFailed("out of memory")]

    desk.model.answer = speak
    await desk.answer(typed(0))
    await desk.clock.advance(1)
    assert desk.session.status.state is State.ERROR
    requests = len(desk.model.requests)

    await desk.answer(typed(0, "t"))
    await desk.answer(typed(0, "to"))
    await desk.clock.advance(1)

    assert len(desk.model.requests) == requests


async def test_closing_the_document_ends_it(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await desk.answer(typed(0))
    await desk.clock.advance(3 * LETTER_S)
    assert desk.model.open == 1

    desk.documents.close(URI)
    desk.completer.closed(URI)
    await desk.clock.settle()

    assert desk.model.open == 0


async def opened(desk: Desk, picture: str, uri: str = URI, language: str = "python") -> None:
    """Opens a document as the picture shows, and waits a while."""
    desk.open(picture, uri, language)
    snap = desk.documents.at(uri)
    assert snap is not None
    desk.completer.opened(snap)
    await desk.clock.advance(2)


async def test_a_line_that_was_begun_is_asked_about_when_its_document_is_opened(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    await opened(desk, typed(0))
    before_s = desk.clock.now()

    answer = await desk.answer(typed(0, "t"))

    assert shown(answer) == "otal = 0"
    assert desk.clock.now() == before_s


async def test_of_several_documents_only_the_last_is_asked_about(desk: Desk) -> None:
    await speculate(desk)
    desk.model.answer = says(1)
    for name in "abc":
        desk.open(typed(0), f"file:///project/{name}.py")
        snap = desk.documents.at(f"file:///project/{name}.py")
        assert snap is not None
        desk.completer.opened(snap)
        await desk.clock.advance(0.1)
    await desk.clock.advance(1)

    assert len(desk.model.requests) == 1


@pytest.mark.parametrize(
    ("picture", "uri", "language"),
    [
        # Nothing tells where its author will go on.
        ("def f():\n    return 1█\n", URI, "python"),
        # What is never completed is never sent either.
        ("KEY=1\n    █\n", "file:///project/.env", "plaintext"),
        ("Some words.\n\n    █\n", "file:///project/a.md", "markdown"),
        # Too large to look at.
        ("x = 1\n" * 400_000 + "    █\n", URI, "python"),
    ],
)
async def test_documents_that_are_not_asked_about(
    desk: Desk, picture: str, uri: str, language: str
) -> None:
    await speculate(desk)
    desk.script("x\n")

    await opened(desk, picture, uri, language)

    assert desk.model.requests == []


async def test_a_question_that_comes_while_the_document_is_read_is_no_second_one(
    desk: Desk,
) -> None:
    await speculate(desk)
    desk.script(Pause(1), "total = 0\n")
    desk.open(typed(0))
    snap = desk.documents.at(URI)
    assert snap is not None
    desk.completer.opened(snap)
    await desk.clock.advance(0.8)

    first, answer = desk.ask(typed(0, "t")), await desk.answer(typed(0, "to"))

    assert isinstance(await first, Overtaken)
    assert shown(answer) == "tal = 0"
    assert desk.model.max_open == 1

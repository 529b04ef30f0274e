"""The prompt's head is read while the author pauses, where the next request would have to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.settings import CompletionSettings, Settings
from fimls.testing.scripted import Pause
from tests.completion.conftest import URI

if TYPE_CHECKING:
    from tests.completion.conftest import Desk

# 200 lines, of which a prompt holds about 70.
LINES = [f"name_{number:03} = value_{number:03} + other_{number:03}\n" for number in range(200)]


def at(line: int, typed: str = "") -> str:
    """The cursor after the start of a line, as a picture."""
    return "".join(LINES[:line]) + typed + "█\n" + "".join(LINES[line:])


async def begin(desk: Desk, wish: str = "auto") -> None:
    completion = CompletionSettings(speculate=wish)  # type: ignore[arg-type]
    await desk.completer.configure(Settings(completion=completion), frozenset())
    desk.script("x")


def inside(line: int) -> str:
    """The cursor inside the first word of a line, where nothing is asked."""
    rest = LINES[line].removeprefix("name") + "".join(LINES[line + 1 :])
    return "".join(LINES[:line]) + "name█" + rest


@pytest.mark.parametrize(
    ("before", "now", "reads"),
    [
        # Nothing has been read yet.
        (None, 100, True),
        # The author is somewhere else.
        (20, 150, True),
        # They are a line further down: the head is the same.
        (100, 101, False),
    ],
)
async def test_the_head_is_read_where_little_of_it_is_known(
    desk: Desk, before: int | None, now: int, reads: bool
) -> None:
    await begin(desk)
    if before is not None:
        await desk.answer(at(before, "x = "), explicit=True)
        await desk.clock.advance(2)
    asked = len(desk.model.requests)

    await desk.answer(inside(now))
    await desk.clock.advance(2)

    read = desk.model.requests[asked:]
    assert [request.max_tokens for request in read] == [1] * reads
    assert desk.model.open == 0


@pytest.mark.parametrize(
    ("wish", "picture", "uri"),
    [
        # The user does not want the model to work unasked.
        ("off", inside(100), URI),
        # What is never completed is never sent.
        ("auto", inside(100), "file:///project/.env"),
        # A short text is read in no time.
        ("auto", "x = na█me\n", URI),
    ],
)
async def test_where_it_is_not_read(desk: Desk, wish: str, picture: str, uri: str) -> None:
    await begin(desk, wish)

    await desk.answer(picture, uri=uri)
    await desk.clock.advance(2)

    assert desk.model.requests == []


async def test_the_next_key_ends_it(desk: Desk) -> None:
    await begin(desk)
    desk.model.answer = "x = 1\n" * 1000
    await desk.answer(inside(100))
    await desk.clock.advance(0.31)
    assert len(desk.model.requests) == 1

    await desk.answer(at(100, "y = "), explicit=True)

    assert desk.model.max_open == 1


async def test_closing_the_document_ends_it(desk: Desk) -> None:
    await begin(desk)
    desk.script(Pause(60))
    await desk.answer(inside(100))
    await desk.clock.advance(0.4)
    assert desk.model.open == 1

    desk.documents.close(URI)
    desk.completer.closed(URI)
    await desk.clock.settle()

    assert desk.model.open == 0

"""What bad input gets: a message that names cause and fix, and no word to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.actions.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def total(prices):\n    return sum(prices)\n\n# double it\n"
NOWHERE = {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}}
FUNCTION = {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}


def at(uri: str, between: object = FUNCTION, **more: object) -> list[Any]:
    return [{"uri": uri, "range": between, **more}]


async def refused(desk: Desk, name: str, arguments: list[Any]) -> str:
    """What the user is told; no model may be asked, and nothing be changed."""
    result = await desk.client.run({"command": f"fimls.{name}", "arguments": arguments})
    await desk.in_step()
    assert result is None
    assert desk.chats == []
    assert desk.client.heard.edits == []
    (message,) = desk.client.heard.messages
    return str(message)


@pytest.mark.parametrize(
    ("name", "file", "language", "text", "between", "told"),
    [
        # A cursor between two functions: there is nothing to explain.
        ("explain", "a.py", "python", CODE, NOWHERE, "Select"),
        # Nothing but blanks is selected.
        (
            "explain",
            "blank.py",
            "python",
            "\n  \n\n",
            {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}},
            "Select",
        ),
        # No comment where one is to be turned into code.
        ("generate", "b.py", "python", CODE, NOWHERE, "comment"),
        # A program, not a text.
        ("explain", "c.py", "python", "def f():\0\n", FUNCTION, "not text"),
        ("generate", "d.py", "python", "# do it\0\n", NOWHERE, "not text"),
        # One character over what is worked on.
        ("explain", "e.py", "python", "x" * 2_000_001, FUNCTION, "2 MB"),
        # Nothing of a secret file goes to a model.
        ("explain", ".env", "plaintext", "TOKEN=abc\n", FUNCTION, "secrets"),
        ("generate", "id_rsa", "plaintext", "# a key\n", NOWHERE, "secrets"),
    ],
)
async def test_a_place_that_cannot_be_worked_on(
    desk: Desk, name: str, file: str, language: str, text: str, between: Any, told: str
) -> None:
    desk.begin()
    uri = desk.open(file, language, text).uri
    message = await refused(desk, name, at(uri, between))
    desk.client.close_document(uri)

    assert told in message


@pytest.mark.parametrize(
    ("file", "language", "text"),
    [
        # Nothing is offered that would be refused.
        (".env", "plaintext", "# a token\n"),
        ("c.py", "python", "# do it\0\n"),
    ],
)
async def test_no_action_is_listed(desk: Desk, file: str, language: str, text: str) -> None:
    desk.begin()
    uri = desk.open(file, language, text).uri
    assert await desk.client.code_actions(uri, 0, len(text)) == []
    desk.client.close_document(uri)


@pytest.mark.parametrize(
    "arguments",
    [
        # Nothing, too little, and something else.
        [],
        [{}],
        ["file:///a.py"],
        [{"uri": 3, "range": FUNCTION}],
        [{"uri": "file:///a.py", "range": {"start": 3}}],
        [{"uri": "file:///a.py", "range": FUNCTION, "version": "one"}],
        [None],
    ],
)
@pytest.mark.parametrize("name", ["explain", "generate"])
async def test_wrong_arguments(desk: Desk, name: str, arguments: list[Any]) -> None:
    desk.begin()
    message = await refused(desk, name, arguments)

    assert 'expected [{"uri"' in message


async def test_a_document_that_is_not_open(desk: Desk) -> None:
    desk.begin()
    message = await refused(desk, "explain", at(desk.uri("gone.py")))

    assert "open" in message


async def test_a_range_beyond_the_text_is_clamped(desk: Desk) -> None:
    desk.begin()
    desk.ollama.answer = "It adds."
    uri = desk.open("beyond.py", "python", CODE).uri
    beyond = {"start": {"line": 0, "character": 0}, "end": {"line": 900, "character": 900}}
    command = {"command": "fimls.explain", "arguments": at(uri, beyond)}
    result = await desk.client.run(command)
    desk.client.close_document(uri)

    assert result["markdown"].strip() == "It adds."


async def test_a_long_selection_is_read_in_parts(desk: Desk) -> None:
    desk.begin()
    desk.ollama.answer = "It adds numbers."
    body = "".join(f"    value = value + {n} * other\n" for n in range(60))
    text = "".join(f"def part_{n}(value, other):\n{body}    return value\n\n\n" for n in range(12))
    uri = desk.open("long.py", "python", text).uri
    action = {
        "command": "fimls.explain",
        "arguments": at(uri, desk.client.documents[uri].range(0, len(text))),
    }
    result = await desk.client.run(action)
    desk.client.close_document(uri)

    assert result["markdown"].strip() == "It adds numbers."
    # Each part is shown once, and nothing is cut in silence.
    assert len(desk.chats) > 1
    assert all(any(f"def part_{n}(" in chat for chat in desk.chats) for n in range(12))
    assert all(
        message["content"] in request.rendered
        for request in desk.ollama.requests
        for message in request.messages
    )

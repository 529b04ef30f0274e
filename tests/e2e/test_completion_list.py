"""Several completions to choose from, as ghost text and in a list, from a real server's process."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from fimls.testing.json_rpc import RequestError

if TYPE_CHECKING:
    from fimls.testing.fake_ollama import FakeOllama
    from tests.e2e.conftest import Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    return"
METHOD = "textDocument/completion"


def at_end(line: int, character: int, kind: int) -> dict[str, object]:
    """The parameters of a request for a list."""
    return {
        "textDocument": {"uri": URI},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": kind},
    }


def another_each_time(ollama: FakeOllama) -> None:
    """Lets the model say something else at each request."""
    numbers = count(1)
    ollama.answer = lambda _request: [f" a + {next(numbers)}\n"]


async def test_a_list_for_an_editor_without_ghost_text(start: Start, ollama: FakeOllama) -> None:
    ollama.answer = " a + b\n"
    async with start(FIMLS_COMPLETION_POPUP="true") as served:
        client = served.client
        answer = await client.initialize("file:///project")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        client.open(URI, "python", TEXT)
        found = await client.request(METHOD, at_end(1, 10, kind=1))
        # The editor asks again with the next key.
        client.change(URI, TEXT + " a")
        after = await client.request(METHOD, at_end(1, 12, kind=3))
        await client.execute(found["items"][0]["command"])
        await client.shutdown()
        assert await served.process.wait() == 0

    assert answer["capabilities"]["completionProvider"]["triggerCharacters"]
    [item], [rest] = found["items"], after["items"]
    assert found["isIncomplete"]
    assert item["textEdit"] == {
        "range": {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 10}},
        "newText": "return a + b",
    }
    assert (rest["label"], rest["textEdit"]["newText"]) == ("a + b", "a + b")
    assert len(ollama.prompts) == 1


async def test_it_is_not_there_unless_it_is_wanted(start: Start) -> None:
    async with start() as served:
        answer = await served.client.initialize("file:///project")
        served.client.open(URI, "python", TEXT)
        refused: Any = None
        try:
            await served.client.request(METHOD, at_end(1, 10, kind=1))
        except RequestError as error:
            refused = error

    assert "completionProvider" not in answer["capabilities"]
    assert refused is not None


async def test_several_to_choose_from(start: Start, ollama: FakeOllama) -> None:
    another_each_time(ollama)
    async with start(FIMLS_COMPLETION_CANDIDATES="3") as served:
        client = served.client
        await client.initialize("file:///project")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        client.open(URI, "python", TEXT)
        unasked = await client.inline_completion(URI, len(TEXT), explicit=False)
        asked = await client.inline_completion(URI, len(TEXT), explicit=True)
        again = await client.inline_completion(URI, len(TEXT), explicit=True)
        await client.shutdown()

    assert unasked is not None
    assert asked is not None
    assert again is not None
    assert [item["insertText"] for item in unasked] == [" a + 1"]
    assert [item["insertText"] for item in asked] == [" a + 1", " a + 2", " a + 3"]
    assert [item["insertText"] for item in again] == [" a + 1", " a + 2", " a + 3"]
    assert len({item["command"]["arguments"][0] for item in asked}) == 3
    assert len(ollama.prompts) == 3
    assert (ollama.loads, ollama.reloads) == (1, 0)

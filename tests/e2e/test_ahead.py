"""Asking ahead, through a real server process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.testing.fake_ollama import FakeOllama
    from tests.e2e.conftest import Start

URI = "file:///project/a.py"

HEAD = "def f(xs):\n    "
LINES = ("total = sum(xs)", "\n    return total")


def knows(prompt: str) -> str:
    """Goes on with the next line."""
    written = prompt.partition(" <SUF>")[0].partition(HEAD)[2]
    return next((f"{line}\n" for line in LINES if line not in written), "")


async def test_the_next_line_is_there_before_it_is_asked_for(
    start: Start, ollama: FakeOllama
) -> None:
    ollama.answer = lambda request: knows(request.prompt)
    async with start(FIMLS_COMPLETION_SPECULATE="on") as served:
        client = served.client
        await client.initialize("file:///project")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        client.open(URI, "python", HEAD)
        # A line was begun there: it is asked about when the document is opened, and the next one
        # when the first is shown.
        await ollama.seen.until(lambda: len(ollama.prompts) == 1)
        client.change(URI, HEAD + "t")
        first = await client.inline_completion(URI, len(HEAD) + 1)
        await ollama.seen.until(lambda: len(ollama.prompts) == 2)
        client.change(URI, HEAD + LINES[0])
        second = await client.inline_completion(URI, len(HEAD + LINES[0]))

    assert [item["insertText"] for item in first or []] == [LINES[0][1:]]
    assert [item["insertText"] for item in second or []] == [LINES[1]]
    assert ollama.seen.most_at_once == 1

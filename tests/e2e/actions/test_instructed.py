"""Actions that are told what to do: by the user, or by a diagnostic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.actions.desk import command_of, seated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.e2e.actions.desk import Desk

CODE = "def total(prices):\n    return sum(prices)\n\n\nMOST_PRICES = 1000\n"
RETURN = (CODE.index("    return"), CODE.index("\n\n\nMOST"))
CHANGED = CODE.replace("sum(prices)", "round(sum(prices), 2)")
ANSWER = "```python\n    return round(sum(prices), 2)\n```\n"


@pytest.fixture
async def vscode(tmp_path: Path) -> AsyncIterator[Desk]:
    async with seated("vscode", tmp_path) as desk:
        desk.ollama.answer = ANSWER
        yield desk


async def edited(desk: Desk, value: str | None) -> tuple[str, Any]:
    """The text after an edit of the selection, for which the user has given these words."""
    desk.client.handlers["fimls/input"] = lambda _params: {"value": value}
    document = desk.open("total.py", "python", CODE)
    result = await desk.client.run(await desk.command("edit", document.uri, *RETURN))
    await desk.in_step()
    return document.text, result


async def test_the_user_is_asked_how_to_edit(vscode: Desk) -> None:
    text, result = await edited(vscode, "round it to cents")

    assert text == CHANGED
    assert result["applied"]
    assert "round it to cents" in vscode.chats[0]
    assert vscode.client.requests["fimls/input"][0]["prompt"]


async def test_the_user_gives_no_words(vscode: Desk) -> None:
    text, result = await edited(vscode, None)

    assert (text, result, vscode.chats) == (CODE, None, [])
    assert vscode.client.heard.messages == []


async def test_an_edit_keeps_to_the_selection(vscode: Desk) -> None:
    vscode.ollama.answer = "```diff\n@@ ... @@\n-MOST_PRICES = 1000\n+MOST_PRICES = 10\n```\n"
    text, result = await edited(vscode, "allow fewer")

    assert (text, result) == (CODE, None)
    (message,) = vscode.client.heard.messages
    assert "only the lines 2 to 2 may be changed" in message


async def test_a_diagnostic_is_fixed(vscode: Desk) -> None:
    document = vscode.open("total.py", "python", CODE)
    wrong = {
        "range": document.range(CODE.index("sum"), CODE.index("\n\n\nMOST")),
        "message": "Round amounts of money.",
        "source": "lint",
        "code": "M100",
        "severity": 2,
    }
    at = CODE.index("sum")
    (listed,) = await vscode.client.code_actions(
        document.uri, at, diagnostics=[wrong], automatic=True
    )
    result = await vscode.client.run(command_of(listed))

    assert listed["title"] == "Fix: Round amounts of money."
    assert (listed["kind"], listed["diagnostics"]) == ("quickfix.fimls", [wrong])
    assert document.text == CHANGED
    assert result["applied"]
    assert "Round amounts of money." in vscode.chats[0]

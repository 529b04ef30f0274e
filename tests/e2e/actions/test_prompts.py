"""The user's own prompts, in the folder beside their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.actions.desk import seated

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def total(prices):\n    return sum(prices)\n"


async def explained(room: Path, prompt: str) -> tuple[Any, list[str], list[str]]:
    """An explanation by a prompt of the user's: the result, the questions and the messages."""
    folder = room / "CONFIG" / "prompts"
    folder.mkdir(parents=True)
    (folder / "explain.txt").write_text(prompt)
    async with seated("vscode", room) as desk:
        desk.ollama.answer = "It adds."
        uri = desk.open("total.py", "python", CODE).uri
        result = await desk.client.run(await desk.command("explain", uri, 0, len(CODE)))
        await desk.in_step()
        return result, desk.chats, desk.client.heard.messages


async def test_one_that_is_replaced(tmp_path: Path) -> None:
    prompt = "[user]\nExplique en français ce code en {{language}} :\n{{code}}\n"
    result, asked, told = await explained(tmp_path, prompt)

    assert asked == [f"Explique en français ce code en Python :\n{CODE}".rstrip("\n")]
    assert result["markdown"].strip() == "It adds."
    assert told == []


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        # A value that there is not, by its name.
        ("[user]\nExplain {{kode}}\n", "{{kode}}"),
        # Neither a part for the system nor for the user.
        ("Explain {{code}}\n", "begin with a line `[user]`"),
    ],
)
async def test_one_that_is_wrong(tmp_path: Path, prompt: str, reason: str) -> None:
    result, asked, told = await explained(tmp_path, prompt)

    assert (result, asked) == (None, [])
    (message,) = told
    assert reason in message
    assert "explain.txt" in message

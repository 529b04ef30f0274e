"""Edits that meet a document or an editor that is not as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.testing.lsp_profiles import MINIMAL
from tests.e2e.actions.desk import seated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fimls.testing.lsp_documents import OpenDocument
    from tests.e2e.actions.desk import Desk

COMMENT = "def total(prices):\n    # add them up\n"
AT = COMMENT.index("# add")
RIGHT = "return sum(prices)\n"


@pytest.fixture
async def vscode(tmp_path: Path) -> AsyncIterator[Desk]:
    async with seated("vscode", tmp_path) as desk:
        desk.ollama.answer = RIGHT
        yield desk


async def generated(desk: Desk) -> tuple[OpenDocument, Any]:
    """What comes of turning the comment into code."""
    document = desk.open("total.py", "python", COMMENT)
    result = await desk.client.run(await desk.command("generate", document.uri, AT))
    await desk.in_step()
    return document, result


async def test_again_where_the_comment_is_by_now(vscode: Desk) -> None:
    async def typed(_request: object) -> str:
        vscode.client.insert(vscode.uri("total.py"), 0, "# mine\n\n")
        vscode.ollama.answer = RIGHT
        await vscode.in_step()
        return RIGHT

    vscode.ollama.answer = typed
    vscode.client.handlers["window/showMessageRequest"] = lambda asked: asked["actions"][0]
    document, result = await generated(vscode)
    await vscode.client.wait_for("workspace/applyEdit")

    assert not result["applied"]
    assert vscode.client.heard.buttons == ["Try again"]
    assert document.text == f"# mine\n\n{COMMENT}    {RIGHT}"
    assert len(vscode.chats) == 2


async def test_an_editor_that_refuses_the_edit(vscode: Desk) -> None:
    refusal = {"applied": False, "failureReason": "the file is read-only"}
    vscode.client.handlers["workspace/applyEdit"] = lambda _params: refusal
    document, result = await generated(vscode)

    assert result == {"applied": False, "message": "the file is read-only"}
    (message,) = vscode.client.heard.messages
    assert "the file is read-only" in message
    assert document.text == COMMENT


async def test_an_editor_that_cannot_edit(tmp_path: Path) -> None:
    async with seated("minimal", tmp_path, capabilities={**MINIMAL, "workspace": {}}) as desk:
        desk.ollama.answer = RIGHT
        document, result = await generated(desk)

    assert not result["applied"]
    assert "does not apply edits" in desk.client.heard.messages[0]
    assert document.text == COMMENT


async def test_a_document_that_is_closed_meanwhile(vscode: Desk) -> None:
    async def closed(_request: object) -> str:
        vscode.client.close_document(vscode.uri("total.py"))
        await vscode.in_step()
        return RIGHT

    vscode.ollama.answer = closed
    document, result = await generated(vscode)

    assert not result["applied"]
    assert vscode.client.heard.edits == []
    assert document.text == COMMENT


async def test_two_at_once_are_asked_one_after_the_other(vscode: Desk) -> None:
    documents = [vscode.open(f"{name}.py", "python", COMMENT) for name in ("one", "two")]
    commands = [await vscode.command("generate", each.uri, AT) for each in documents]
    running = [vscode.client.run(command) for command in commands]
    results = [await each for each in running]

    assert [each["applied"] for each in results] == [True, True]
    assert [each.text for each in documents] == [f"{COMMENT}    {RIGHT}"] * 2
    assert vscode.ollama.seen.most_at_once == 1


async def test_secrets_stay_here(vscode: Desk) -> None:
    secret = "sk-" + "a1B2" * 12
    text = f'KEY = "{secret}"\n\n{COMMENT}'
    document = vscode.open("total.py", "python", text)
    at = text.index("# add")
    await vscode.client.run(await vscode.command("generate", document.uri, at))
    await vscode.client.run(await vscode.command("explain", document.uri, 0, len(text)))

    assert document.text == f"{text}    {RIGHT}"
    assert len(vscode.chats) == 2
    assert not any(secret in asked for asked in vscode.chats)

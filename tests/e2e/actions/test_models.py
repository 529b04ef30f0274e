"""Which model an action asks, and what is told where none is fit for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.turns import InTurn
from tests.e2e.actions.desk import seated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.actions.desk import Desk

PULL = "Pull codellama:7b-instruct"
COMMENT = "def total(prices):\n    # add them up\n    pass\n"
AFTER = "def total(prices):\n    # add them up\n    return sum(prices)\n"
AT = COMMENT.index("# add")


async def chosen(desk: Desk, name: str) -> Any:
    """Chooses an action from the list."""
    uri = desk.uri("total.py")
    if uri not in desk.client.documents:
        desk.open("total.py", "python", COMMENT)
    result = await desk.client.run(await desk.command(name, uri, AT))
    await desk.in_step()
    return result


@pytest.mark.parametrize("kind", ["vscode", "neovim", "minimal"])
async def test_a_model_that_only_completes_explains_nothing(tmp_path: Path, kind: str) -> None:
    async with seated(kind, tmp_path, models=("codellama:7b-code",)) as desk:
        result = await chosen(desk, "explain")

    assert result is None
    assert desk.chats == []
    (message,) = desk.client.heard.messages
    assert "codellama:7b-code" in message
    assert "ollama pull codellama:7b-instruct" in message
    assert desk.client.heard.buttons == ([PULL] if desk.shows_buttons else [])


async def test_the_button_fetches_the_model(tmp_path: Path) -> None:
    async with seated("vscode", tmp_path, models=("codellama:7b-code",)) as desk:
        desk.client.handlers["window/showMessageRequest"] = lambda _params: {"title": PULL}
        await chosen(desk, "explain")
        calls = desk.ollama.seen.calls
        await desk.ollama.seen.until(lambda: any(each.path == "/api/pull" for each in calls))


async def test_such_a_model_completes_after_the_comment(tmp_path: Path) -> None:
    async with seated("vscode", tmp_path, models=("codellama:7b-code",)) as desk:
        desk.ollama.answer = "    return sum(prices)\n\n\ndef other():\n    pass\n"
        await chosen(desk, "generate")
        text = desk.client.documents[desk.uri("total.py")].text

    assert desk.chats == []
    assert text == AFTER


async def test_disabled_where_a_kind_was_asked_for(tmp_path: Path) -> None:
    async with seated("vscode", tmp_path, models=("codellama:7b-code",)) as desk:
        # Listing looks for no model: whether there is one is known when one was wanted.
        await chosen(desk, "explain")
        uri = desk.uri("total.py")
        (action,) = await desk.client.code_actions(uri, AT, only=["fimls.explain"])

    assert "codellama:7b-code" in action["disabled"]["reason"]


async def test_the_two_models_keep_their_places(tmp_path: Path) -> None:
    async with seated("vscode", tmp_path) as desk:
        desk.ollama.answer = "return sum(prices)\n"
        await chosen(desk, "generate")
        uri = desk.uri("total.py")
        text = desk.client.documents[uri].text
        await desk.client.inline_completion(uri, len(text), explicit=True)

    asked = [request.model for request in desk.ollama.requests if not request.is_load]
    assert asked == ["codellama:7b-instruct", "codellama:7b-code"]
    assert desk.ollama.reloads == 0
    # The same options on each request, or one of them would start a runner anew.
    assert len({request.runner_key for request in desk.ollama.requests}) == 1


async def test_one_model_for_both_is_loaded_once(tmp_path: Path) -> None:
    models = ("codellama:7b-instruct",)
    async with seated("vscode", tmp_path, models=models) as desk:
        desk.ollama.answer = "return sum(prices)\n"
        await chosen(desk, "generate")
        uri = desk.uri("total.py")
        text = desk.client.documents[uri].text
        await desk.client.inline_completion(uri, len(text), explicit=True)

    assert (desk.ollama.loads, desk.ollama.reloads) == (1, 0)


async def test_a_server_with_the_routes_of_openai(tmp_path: Path) -> None:
    answers = InTurn("It adds.", "return sum(prices\n", "return sum(prices)\n")
    async with FakeOpenAI(models=("any",), answer=answers) as server:
        host = {"FIMLS_BACKEND": "openai", "FIMLS_HOST": server.url}
        async with seated("neovim", tmp_path, environ=host) as desk:
            answers.count = 0
            explained = await chosen(desk, "explain")
            generated = await chosen(desk, "generate")

    asked = [request for request in server.requests if request.is_chat]
    assert explained["markdown"] == "It adds.\n"
    assert generated["applied"]
    assert [len(request.messages) for request in asked] == [2, 2, 4]
    assert desk.client.documents[desk.uri("total.py")].text == AFTER

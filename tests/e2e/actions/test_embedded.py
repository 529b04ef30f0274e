"""Both actions with a real model: the embedded one, which the user has named for them."""

from __future__ import annotations

import ast
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.actions.desk import cancelled, seated

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.testing.json_rpc import Pending
    from tests.e2e.actions.desk import Desk

NAME = "smollm2-135m"
CODE = "def add(a, b):\n    return a + b\n"
COMMENT = "def add(a, b):\n    # the sum of both\n"

# The connection is closed at once; the model notices between two batches.
FREE_WITHIN_S = 8.0


def embedded(data: Path, **more: str) -> dict[str, str]:
    """The environment of a server that has the embedded model and nothing else."""
    return {"FIMLS_BACKEND": "embedded", "FIMLS_DATA_DIR": str(data), **more}


async def chosen(desk: Desk, name: str, text: str, at: int) -> Pending:
    uri = desk.open("add.py", "python", text).uri
    return desk.client.run(await desk.command(name, uri, at))


async def test_an_explanation_streams_until_it_is_cancelled(
    tmp_path: Path, embedded_data_dir: Path
) -> None:
    named = embedded(embedded_data_dir, FIMLS_CHAT_MODEL=NAME)
    async with seated("vscode", tmp_path, environ=named) as desk:
        client = desk.client
        pending = await chosen(desk, "explain", CODE, CODE.index("return"))
        texts = client.notifications["fimls/actionText"]
        await client.wait_for("fimls/actionText", lambda each: texts.index(each) > 1)
        await cancelled(desk, pending, "progress")
        assert await pending is None
        (work,) = desk.work.values()
        asked_at = time.perf_counter()
        uri = desk.uri("add.py")
        await client.inline_completion(uri, CODE.index(" a + b"), explicit=True)
        free_s = time.perf_counter() - asked_at

    # Each text goes on with the one before it, and the last one stays.
    said = [str(each["text"]) for each in texts]
    assert all(later.startswith(earlier.rstrip()) for earlier, later in pairwise(said))
    assert work.reports
    assert work.ended is not None
    assert free_s < FREE_WITHIN_S
    assert client.heard.edits == []


@pytest.mark.parametrize(
    ("kind", "is_chat"),
    [
        # By its name it is the model of completions, which goes on with a text.
        ("minimal", False),
        # A file of the user's is asked by its own template of a chat.
        ("neovim", True),
    ],
)
async def test_code_that_parses_or_a_refusal(
    tmp_path: Path, embedded_model: Path, embedded_data_dir: Path, kind: str, is_chat: bool
) -> None:
    own = tmp_path / "mine.gguf"
    own.symlink_to(embedded_model)
    named = embedded(embedded_data_dir, FIMLS_CHAT_MODEL=str(own) if is_chat else NAME)
    async with seated(kind, tmp_path, environ=named) as desk:
        await (await chosen(desk, "generate", COMMENT, COMMENT.index("#")))
        document = desk.client.documents[desk.uri("add.py")]

    (message,) = desk.client.heard.messages
    if document.past:
        ast.parse(document.text)
        assert document.text.startswith(COMMENT)
        assert "Python" in message
    else:
        assert "cannot be used" in message
        assert document.text == COMMENT


async def test_it_explains_nothing_unless_it_is_named(
    tmp_path: Path, embedded_data_dir: Path
) -> None:
    async with seated("vscode", tmp_path, environ=embedded(embedded_data_dir)) as desk:
        result: Any = await (await chosen(desk, "explain", CODE, CODE.index("return")))

    (message,) = desk.client.heard.messages
    assert result is None
    assert f"{NAME} is too small for actions" in message
    assert "ollama pull codellama:7b-instruct" in message
    assert desk.client.notifications["fimls/actionText"] == []

"""The beginning and the end of a conversation."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.testing.clock import VirtualClock
    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop


async def test_what_is_announced(editor: Editor) -> None:
    answer = await editor.start()

    capabilities = answer["capabilities"]
    assert answer["serverInfo"]["name"] == "fimls"
    # Whatever the client says it can do: lsp-mode and eglot do not announce inline completion.
    assert capabilities["inlineCompletionProvider"] == {}
    assert capabilities["textDocumentSync"]["openClose"] is True
    assert capabilities["textDocumentSync"]["change"] == 2
    assert capabilities["workspace"]["workspaceFolders"]["supported"] is True
    assert "completionProvider" not in capabilities
    assert set(capabilities["executeCommandProvider"]["commands"]) == {
        "fimls.accepted",
        "fimls.toggle",
        "fimls.restartModel",
        "fimls.models",
        "fimls.pull",
        "fimls.explain",
        "fimls.generate",
        "fimls.edit",
        "fimls.fix",
    }


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        # The client's first wish that there is.
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-16", "utf-8"], "utf-16"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-32"], "utf-32"),
        # What the protocol falls back to.
        (["utf-7"], "utf-16"),
        ([], "utf-16"),
        (None, "utf-16"),
    ],
)
async def test_position_encodings(
    editor: Editor, offered: Sequence[str] | None, chosen: str
) -> None:
    general = {} if offered is None else {"positionEncodings": offered}
    answer = await editor.start({"general": general})

    assert answer["capabilities"]["positionEncoding"] == chosen
    assert editor.server.documents.encoding == chosen


async def test_the_model_is_looked_for_from_the_start(editor: Editor, workshop: Workshop) -> None:
    await editor.start()
    await editor.server.engine.ready()

    assert workshop.session.starts == 1


async def test_an_engine_that_cannot_be_made(
    editor: Editor, workshop: Workshop, clock: VirtualClock
) -> None:
    workshop.fault = ImportError("no module named httpx")
    await editor.start()
    editor.open("x = ")
    place = {"line": 0, "character": 4}
    params = {
        "textDocument": {"uri": "file:///project/a.py"},
        "position": place,
        "context": {"triggerKind": 1},
    }
    answer = await editor.ask("textDocument/inlineCompletion", params)

    assert answer == {"items": []}
    assert [status["state"] for status in editor.of("fimls/status")] == ["error"]


async def test_shutdown_closes_the_engine(editor: Editor, workshop: Workshop) -> None:
    await editor.start()
    await editor.server.engine.ready()
    await editor.ask("shutdown")

    assert workshop.completer.is_closed
    assert workshop.session.is_closed


async def test_exit_without_shutdown(editor: Editor) -> None:
    await editor.start()
    editor.tell("exit")

    assert editor.server.stopped.is_set()
    assert editor.server.exit_status == 1


def test_nothing_heavy_is_imported_before_the_answer_to_initialize() -> None:
    heavy = {"httpx", "ollama", "tree_sitter", "rich", "sqlite3", "platformdirs"}
    program = "import fimls.lsp.features, fimls.lsp.transport, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    loaded = set(run.stdout.split())
    assert not heavy & loaded
    assert not {name for name in loaded if name.startswith(("fimls.syntax", "fimls.context"))}

"""The bench's editor speaks to a server as VS Code does."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fimls.evaluation.typing_author import Author
from fimls.evaluation.typing_editor import Editor, capabilities
from fimls.evaluation.typing_seen import seen
from fimls.evaluation.typing_trace import Trace
from fimls.testing.json_rpc import JsonRpc
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TRACE = Trace("a.py", "python", "def f(a):\n    ", "return a", "\n")
URI = "file:///bench/a.py"
COMPLETE = "textDocument/inlineCompletion"


@dataclass
class Server:
    """It answers every question alike, and keeps the methods of what it hears."""

    answer: Any = None
    heard: list[str] = field(default_factory=list)

    def on_request(self, method: str, params: object) -> object:
        self.heard.append(method)
        return {"capabilities": {}} if method == "initialize" else self.answer

    def on_notification(self, method: str, params: object) -> None:
        self.heard.append(method)


@asynccontextmanager
async def editing(server: Server) -> AsyncIterator[tuple[Editor, LspClient, JsonRpc]]:
    ours, theirs = socket.socketpair()
    rpc = JsonRpc(
        *await asyncio.open_connection(sock=theirs), server.on_request, server.on_notification
    )
    rpc.start()
    client = LspClient(*await asyncio.open_connection(sock=ours))
    editor = Editor(client, TRACE)
    try:
        await client.initialize()
        editor.open()
        await in_step(client)
        server.heard.clear()
        yield editor, client, rpc
    finally:
        editor.close()
        await client.close()
        await rpc.close()


def items(text: str, character: int) -> dict[str, Any]:
    """A list with one item, whose range is empty and on the second line."""
    at = {"line": 1, "character": character}
    return {"items": [{"insertText": text, "range": {"start": at, "end": at}}]}


async def in_step(client: LspClient) -> None:
    """All that was sent is heard and answered when a request after it is."""
    await client.request("ping")


async def test_a_key_changes_takes_back_and_asks() -> None:
    server = Server()
    async with editing(server) as (editor, client, _rpc):
        editor.write("r")
        editor.write("e")
        await in_step(client)
        change, cancel = "textDocument/didChange", "$/cancelRequest"
        assert server.heard == [change, COMPLETE, change, cancel, COMPLETE, "ping"]


async def test_an_answer_is_shown_and_typed_through() -> None:
    server = Server(items("eturn a", 5))
    async with editing(server) as (editor, client, _rpc):
        editor.write("r")
        await in_step(client)
        assert editor.screen.text == "eturn a"
        server.answer = None
        editor.write("e")
        assert editor.screen.text == "turn a"
        # Null leaves what is there, which a later answer shows.
        await in_step(client)
        server.answer = {"items": []}
        editor.write("t")
        await in_step(client)
        assert [sight.text for sight in editor.screen.sights[-2:]] == ["urn a", ""]


async def test_an_item_from_before_the_cursor() -> None:
    server = Server(items("return a", 4))
    async with editing(server) as (editor, client, _rpc):
        editor.write("r")
        await in_step(client)
        assert editor.screen.text == "eturn a"


async def test_more_is_asked_for_where_the_text_is_the_same() -> None:
    server = Server()
    async with editing(server) as (editor, client, rpc):
        editor.write("r")
        await in_step(client)
        rpc.notify("fimls/more", {"uri": URI, "version": 1})
        rpc.notify("fimls/more", {"uri": URI, "version": 2})
        server.heard.clear()
        await in_step(client)
        await in_step(client)
        assert server.heard == ["ping", COMPLETE, "ping"]


async def test_the_author_types_it_all() -> None:
    server = Server({"items": []})
    async with editing(server) as (editor, _client, _rpc):
        author = Author(editor, TRACE, key_s=0.0, pause_s=0.0)
        keys: list[int] = []
        await author.type(keys.append)
        assert editor.typed == TRACE.middle
        assert keys == list(range(1, 9))
        author.timeline.stops.append(author_rests(author))
        assert seen(author.timeline).seen.slow == 0


def author_rests(author: Author) -> Any:
    """A pause at the end, which so short a trace does not have."""
    from fimls.evaluation.typing_timeline import Rest, Stop

    last = author.timeline.strokes[-1]
    return Stop(Rest.PAUSE, last.at_s, last.at_s + 1.0, last.typed)


def test_more_is_announced_or_not() -> None:
    for more in (True, False):
        assert capabilities(more=more)["experimental"] == {"fimls": {"more": more}}

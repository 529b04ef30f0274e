"""Positions and line ends through a real server process, driven by pytest-lsp."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from fimls.testing.marks import marked
from tests.e2e.conftest import SERVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.fake_ollama import FakeOllama

URI = "file:///project/a.py"

# How many units each encoding needs for a text.
UNITS = {
    types.PositionEncodingKind.Utf8: lambda text: len(text.encode()),
    types.PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le")) // 2,
    types.PositionEncodingKind.Utf32: len,
}

PICTURES = [
    # The end of a file without a last line end.
    "def add(a, b):\n    return█",
    # The end of a file with one.
    "def add(a, b):\n    return a\nadd(1, 2)\n█",
    # An empty last line in CRLF.
    "def add(a, b):\r\n    return█\r\n",
    # An astral character and an accent before the cursor on its line.
    's = f"😀é{█\n',
    # Separators that LSP takes for no line ends, on the line and above it.
    's = "\u2028\x85"\nt = "\u2028", █\n',
    # A form feed, which Python's own line splitting takes for a line end.
    "\x0cdef add(a, b):\n    return█\n",
]


@pytest.mark.parametrize("encoding", UNITS)
async def test_positions(
    encoding: types.PositionEncodingKind, environ: Mapping[str, str], ollama: FakeOllama
) -> None:
    ollama.answer = "X"
    config = ClientServerConfig(server_command=SERVE, server_env=dict(environ))
    client = await config.start()
    assert isinstance(client, LanguageClient)
    offered = types.GeneralClientCapabilities(position_encodings=[encoding])
    capabilities = types.ClientCapabilities(general=offered)
    started = await client.initialize_session(types.InitializeParams(capabilities=capabilities))
    assert started.capabilities.position_encoding == encoding
    for version, drawn in enumerate(PICTURES):
        await check_position(client, encoding, drawn, ollama, version)
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


async def check_position(
    client: LanguageClient,
    encoding: types.PositionEncodingKind,
    drawn: str,
    ollama: FakeOllama,
    version: int,
) -> None:
    """Types the last character before the cursor, asks there, and looks at what the model saw."""
    shown = marked(drawn)
    typed, before = shown.prefix[-1:], shown.prefix[:-1]
    item = types.TextDocumentItem(URI, "python", version, before + shown.suffix)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    there = position(before, encoding)
    change = types.TextDocumentContentChangePartial(types.Range(there, there), typed)
    document = types.VersionedTextDocumentIdentifier(version + 1, URI)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
    cursor = position(shown.prefix, encoding)
    answer = await client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            context=types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
            text_document=types.TextDocumentIdentifier(URI),
            position=cursor,
        )
    )

    prefix = shown.prefix.replace("\r\n", "\n")
    suffix = shown.suffix.replace("\r\n", "\n")
    assert prefix.rstrip(" ") in ollama.prompts[-1]
    assert suffix in ollama.prompts[-1]
    assert isinstance(answer, types.InlineCompletionList)
    for offered in answer.items:
        assert offered.range is not None
        assert offered.range.start == cursor


def position(prefix: str, encoding: types.PositionEncodingKind) -> types.Position:
    """Where a text ends, in LSP's lines and in the units of the encoding."""
    lines = prefix.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return types.Position(len(lines) - 1, UNITS[encoding](lines[-1]))

"""The demo's editor: one document, kept in step with the server as any editor does it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from fimls.text.languages import language_of
from fimls.text.positions import Encoding, LineIndex

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.testing.lsp_client import LspClient


class Trigger(IntEnum):
    """Who wants a completion (LSP's `InlineCompletionTriggerKind`)."""

    KEY = 1
    PAUSE = 2


@dataclass(frozen=True, slots=True)
class Ghost:
    """Text that the server offers at the cursor; `command` tells it that it was accepted."""

    text: str
    command: dict[str, Any] | None = None


class Editor:
    """An editor with one document open, whose folder is on the disk while its changes are not."""

    def __init__(self, client: LspClient, folder: Path) -> None:
        self.path = ""
        self.text = ""
        self.offset = 0
        self._client = client
        self._folder = folder
        self._version = 0

    @property
    def uri(self) -> str:
        """The document's URI."""
        return (self._folder / self.path).as_uri()

    async def open(self, path: str, text: str) -> None:
        """Shows a document in this state: opens it, or edits the one that is open."""
        if path == self.path:
            await self._replace(0, len(self.text), text)
            return
        if self.path:
            await self._client.notify("textDocument/didClose", self._document())
        self.path, self.text, self._version = path, text, 1
        item = {
            "uri": self.uri,
            "languageId": language_of("", path).id,
            "version": self._version,
            "text": text,
        }
        await self._client.notify("textDocument/didOpen", {"textDocument": item})

    async def type(self, text: str) -> None:
        """Writes text at the cursor."""
        await self._replace(self.offset, self.offset, text)
        self.offset += len(text)

    async def ask(self, trigger: Trigger) -> Ghost | None:
        """What the server offers at the cursor; None where it is nothing."""
        position = self._position(self.offset)
        context = {"triggerKind": trigger.value}
        params = self._document() | {"position": position, "context": context}
        answer = await self._client.request("textDocument/inlineCompletion", params)
        items = answer["items"] if answer else []
        # Nothing stands after the cursor on its line in any scene, so nothing can be replaced.
        here = [item for item in items if item.get("range", {}).get("end", position) == position]
        return Ghost(here[0]["insertText"], here[0].get("command")) if here else None

    async def accepted(self, ghost: Ghost) -> None:
        """Tells the server that the whole of its text was accepted."""
        if ghost.command is not None:
            command = {key: ghost.command.get(key) for key in ("command", "arguments")}
            await self._client.request("workspace/executeCommand", command)

    async def _replace(self, start: int, end: int, text: str) -> None:
        span = {"start": self._position(start), "end": self._position(end)}
        self.text = self.text[:start] + text + self.text[end:]
        self._version += 1
        params = self._document(version=self._version)
        await self._client.notify(
            "textDocument/didChange", params | {"contentChanges": [{"range": span, "text": text}]}
        )

    def _document(self, **more: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self.uri, **more}}

    def _position(self, offset: int) -> dict[str, int]:
        place = LineIndex(self.text).position(offset, Encoding.UTF16)
        return {"line": place.line, "character": place.character}

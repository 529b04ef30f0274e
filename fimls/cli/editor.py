"""The demo's editor: one document, kept in step with the server as any editor does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fimls.text.languages import language_of

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.testing.lsp_client import LspClient


@dataclass(frozen=True, slots=True)
class Ghost:
    """Text that the server offers at the cursor; `command` is to be run where it is accepted."""

    text: str
    command: dict[str, Any] | None


class Editor:
    """An editor with one document open at a time, and a cursor in it.

    The files of `folder` are what is on the disk; what is typed is known to the server only.
    """

    def __init__(self, client: LspClient, folder: Path) -> None:
        self.path = ""
        self.text = ""
        self.offset = 0
        self._client = client
        self._folder = folder

    def open(self, path: str, text: str, offset: int) -> None:
        """Shows a document in this state: opens it, or edits the one that is open."""
        if path == self.path:
            self._client.replace(self._uri, 0, len(self.text), text)
        else:
            if self.path:
                self._client.close_document(self._uri)
            self.path = path
            self._client.open(self._uri, language_of("", path).id, text)
        self.text, self.offset = text, offset

    def type(self, text: str) -> None:
        """Writes text at the cursor."""
        self._client.insert(self._uri, self.offset, text)
        self.text = self.text[: self.offset] + text + self.text[self.offset :]
        self.offset += len(text)

    async def ask(self, *, explicit: bool) -> Ghost | None:
        """What the server offers at the cursor; None where it is nothing."""
        items = await self._client.inline_completion(self._uri, self.offset, explicit=explicit)
        # Nothing follows the cursor on its line in any scene, so there is nothing to replace.
        here = [item for item in items or () if item["range"]["start"] == item["range"]["end"]]
        return Ghost(here[0]["insertText"], here[0].get("command")) if here else None

    async def accept(self, ghost: Ghost, text: str) -> None:
        """Takes text that the ghost begins with; the server is told where it is the whole."""
        self.type(text)
        if text == ghost.text and ghost.command is not None:
            await self._client.execute(ghost.command)

    @property
    def _uri(self) -> str:
        return (self._folder / self.path).as_uri()

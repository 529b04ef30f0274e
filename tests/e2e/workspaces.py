"""A workspace on disk, a server that has read it, and what the model was sent."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from fimls.testing.lsp_client import LspClient
    from tests.e2e.conftest import Start


@dataclass(frozen=True)
class Workspace:
    """A folder of files, an editor in it, and the fake model of its server."""

    root: Path
    client: LspClient
    ollama: FakeOllama

    def uri(self, path: str) -> str:
        """The URI of a file."""
        return (self.root / path).as_uri()

    def open(self, path: str, picture: str, language: str = "python") -> int:
        """Opens a document as the picture shows; returns the cursor's offset."""
        before, after = picture.split("█")
        self.client.open(self.uri(path), language, before + after)
        return len(before)

    async def ask(self, path: str, offset: int) -> Any:
        """What is offered at a place to who asks by a key."""
        return await self.client.inline_completion(self.uri(path), offset, explicit=True)

    async def prompt_at(self, path: str, picture: str, language: str = "python") -> str:
        """The prompt that a document gives, which is opened for it."""
        asked = len(self.ollama.prompts)
        await self.ask(path, self.open(path, picture, language))
        return self.ollama.prompts[asked]

    async def until_prompt_has(self, text: str, since: int = 0) -> None:
        """Waits until a prompt with that text has been sent."""
        await self.ollama.seen.until(
            lambda: any(text in prompt for prompt in self.ollama.prompts[since:])
        )


def write(root: Path, files: Mapping[str, str]) -> None:
    """Writes files."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@asynccontextmanager
async def indexed(
    start: Start, ollama: FakeOllama, root: Path, **environ: str
) -> AsyncIterator[Workspace]:
    """A server that has read the whole folder."""
    async with start(**environ) as served:
        client = served.client
        await client.initialize(root.as_uri())
        await client.wait_for("$/progress", lambda told: told["value"]["kind"] == "end")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        yield Workspace(root, client, ollama)

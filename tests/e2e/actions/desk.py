"""A server in a process of its own, an editor connected to it, and a model whose words are set."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.lsp_client import LspClient
from fimls.testing.lsp_profiles import PROFILES, can

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from fimls.testing.json_rpc import Pending
    from fimls.testing.lsp_documents import OpenDocument
    from fimls.testing.lsp_heard import Progress

MODELS = ("codellama:7b-code", "codellama:7b-instruct")
"""What is installed: one that completes, and one that follows instructions."""

TITLES = {"Explain selection", "Turn comment into code"}
"""What the actions are called (contract §4), also while they are under way."""

NOTHING: Mapping[str, str] = MappingProxyType({})

# A server is closed by the end of its input; one that hangs is ended by force.
_END_S = 10.0


@dataclass
class Desk:
    """An editor at a server: `kind` is that of the client, `folder` the workspace."""

    kind: str
    client: LspClient
    ollama: FakeOllama
    folder: Path

    @property
    def shows_progress(self) -> bool:
        return can(self.client.announced, "window", "workDoneProgress")

    @property
    def shows_documents(self) -> bool:
        return can(self.client.announced, "window", "showDocument", "support")

    @property
    def shows_texts(self) -> bool:
        """Whether it shows the texts of actions by itself."""
        return can(self.client.announced, "experimental", "fimls", "actionText")

    @property
    def shows_buttons(self) -> bool:
        return can(self.client.announced, "window", "showMessage", "messageActionItem")

    @property
    def chats(self) -> list[str]:
        """What the model was asked in chats, the whole of each."""
        return [
            "\n".join(str(message["content"]) for message in request.messages)
            for request in self.ollama.requests
            if request.is_chat and not request.is_load
        ]

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, language: str, text: str) -> OpenDocument:
        return self.client.open(self.uri(name), language, text)

    def begin(self) -> None:
        """Nothing has been said or asked yet."""
        self.client.forget()
        self.client.handlers.clear()
        self.ollama.seen.served.clear()
        self.ollama.answer = ""

    async def command(self, name: str, uri: str, start: int, end: int | None = None) -> Any:
        """The command of the action of that name, as it is listed at a range of offsets."""
        listed = await self.client.code_actions(uri, start, end)
        (found,) = [each for each in map(command_of, listed) if each["command"] == f"fimls.{name}"]
        return found

    async def until_asked(self, times: int = 1) -> None:
        """Waits until the model has been asked so often."""
        await self.ollama.seen.until(lambda: len(self.chats) >= times)

    async def until_left(self) -> None:
        """Waits until nobody is connected to the model any more."""
        served = self.ollama.seen.served
        await self.ollama.seen.until(lambda: all(each.outcome is not None for each in served))

    async def in_step(self) -> None:
        """Waits until the server has taken in all that it was told so far."""
        await self.client.request("workspace/executeCommand", {"command": "fimls.accepted"})

    @property
    def work(self) -> dict[str | int, Progress]:
        """The progress that was shown of actions, by its token."""
        shown = self.client.heard.progress.items()
        return {token: each for token, each in shown if each.title in TITLES}


def command_of(action: Any) -> Any:
    """The command of an action, which is one itself for clients that know nothing else."""
    return action if isinstance(action["command"], str) else action["command"]


async def cancelled(desk: Desk, pending: Pending, how: str) -> None:
    """Cancels an action that is under way."""
    if how == "request":
        desk.client.cancel(pending.ident)
        return
    await desk.client.wait_for("$/progress", lambda _each: bool(desk.work))
    ((token, work),) = desk.work.items()
    assert work.cancellable
    desk.client.cancel_progress(token)


@asynccontextmanager
async def seated(
    kind: str,
    room: Path,
    *,
    models: Sequence[str] = MODELS,
    capabilities: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] = NOTHING,
) -> AsyncIterator[Desk]:
    """Starts a fake Ollama and a server, and connects an editor of that kind.

    `capabilities` and `environ` are other ones than those of the kind, and more of them.
    """
    folder = room / "project"
    folder.mkdir(exist_ok=True)
    async with (
        FakeOllama(models=models) as ollama,
        _server(_environ(room, ollama, environ)) as client,
    ):
        await client.initialize(folder.as_uri(), capabilities=capabilities or PROFILES[kind])
        usable = {"ready", "offline", "error"}
        await client.wait_for("fimls/status", lambda each: each["state"] in usable)
        yield Desk(kind, client, ollama, folder)
        # A test may have ended it already.
        with suppress(ConnectionError):
            await client.shutdown()


def _environ(room: Path, ollama: FakeOllama, more: Mapping[str, str]) -> dict[str, str]:
    folders = {f"FIMLS_{name}_DIR": str(room / name) for name in ("CONFIG", "DATA", "CACHE")}
    host = {"FIMLS_BACKEND": "ollama", "FIMLS_HOST": ollama.url}
    return {**os.environ, **folders, **host, "FIMLS_COMPLETION_SPECULATE": "off", **more}


@asynccontextmanager
async def _server(environ: dict[str, str]) -> AsyncIterator[LspClient]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "fimls", "serve"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environ,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    client = LspClient(process.stdout, process.stdin)
    try:
        yield client
    finally:
        await client.close()
        try:
            await asyncio.wait_for(process.wait(), _END_S)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

"""The embedded model: a GGUF file served by a child process of ours, so that a crash stays there.

The child is started on first need, asked as any OpenAI-style server is, started again when it
dies, and ends with us.  What it costs and can do was measured in `embedded.md`.
"""

from __future__ import annotations

import importlib.util
import json
import secrets
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fimls import processes
from fimls.clock import Clock, SystemClock
from fimls.errors import ModelError, ModelFailed, ProcessError, StreamBroken, Unreachable
from fimls.models.embedded_child import KEY_VARIABLE
from fimls.models.single_flight import SingleFlight
from fimls.models.threads import thread_count
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from fimls.models.openai import OpenAI
    from fimls.models.probing import Unsettled
    from fimls.models.protocol import Capabilities, Chat, Generation, Piece
    from fimls.processes import Child

# Loading took 0.4-3.4 s; a large file of the user's on a slow disk takes far longer.
_LOAD_S = 120.0

# How long a broken connection may be ahead of the news that the process behind it is dead.
_NEWS_S = 1.0

# A model that dies again and again is started after 1, 2, 4 … 60 s, so that it does not eat the
# machine; the first death since an answer costs no wait.
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0

# A request is tried again once when the process dies under it.
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class _Server:
    """A running child and the way to ask it."""

    child: Child
    client: OpenAI


def has_runtime() -> bool:
    """Whether the runtime is installed; it is not imported here."""
    return importlib.util.find_spec("xllamacpp") is not None


class Embedded:
    """A GGUF file as a `Model`; nothing runs until it is warmed up or asked."""

    backend = "embedded"

    def __init__(
        self,
        name: str,
        file: Path,
        capabilities: Capabilities,
        *,
        clock: Clock | None = None,
        unsettled: Unsettled | None = None,
    ) -> None:
        self.name = name
        self.file = file
        self.capabilities = capabilities
        self.starts = 0
        self._clock = clock or SystemClock()
        self._unsettled = unsettled
        self._server: _Server | None = None
        self._starting: SingleFlight[_Server] = SingleFlight(f"starting {name}")
        self._closed = False
        self._deaths = 0
        self._not_before = 0.0

    @property
    def host(self) -> str:
        """The child's address, which only this machine reaches; "" while there is none."""
        return self._server.client.host if self._server else ""

    @property
    def pid(self) -> int | None:
        """The process id of the child, if there is one."""
        return self._server.child.pid if self._server else None

    async def warm_up(self) -> None:
        """Starts the child, which loads the model.

        Raises `ModelFailed` if that does not work, or the model has died too often just before.
        """
        await self._running()

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a raw prompt; it begins with `request.force`."""
        async with aclosing(self._asked(lambda model: model.generate(request))) as pieces:
            async for piece in pieces:
                yield piece

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a chat, rendered by the file's own template."""
        async with aclosing(self._asked(lambda model: model.chat(request))) as pieces:
            async for piece in pieces:
                yield piece

    async def close(self) -> None:
        """Ends the child; the model cannot be used any more."""
        self._closed = True
        await self._starting.give_up()
        await self._bury()

    async def _asked(
        self, begin: Callable[[OpenAI], AsyncGenerator[Piece, None]]
    ) -> AsyncGenerator[Piece, None]:
        said = ""
        for attempt in range(1, _ATTEMPTS + 1):
            server = await self._running()
            try:
                async with aclosing(_beyond(said, begin(server.client))) as pieces:
                    async for piece in pieces:
                        said += piece.text
                        yield piece
            except GeneratorExit:
                # Whoever asked has heard enough: that is an answer too.
                self._deaths = 0 if said else self._deaths
                raise
            except (Unreachable, StreamBroken) as error:
                if not await server.child.ended(_NEWS_S):
                    raise
                if attempt == _ATTEMPTS:
                    raise self._keeps_dying("died, and died again") from error
            else:
                self._deaths = 0
                return

    async def _running(self) -> _Server:
        if self._server is not None and self._server.child.alive:
            return self._server
        # A start goes on when the one who waits for it is cancelled: the next one needs it.
        return await self._starting.join(self._start)

    async def _start(self) -> _Server:
        if self._server is not None:
            self._died()
        await self._bury()
        if self._closed:
            raise ModelFailed(f"{self.name} has been closed")
        if (wait_s := self._not_before - self._clock.now()) > 0:
            raise self._keeps_dying(f"keeps dying; it is started again in {wait_s:.0f} s")
        try:
            self._server = await self._launch()
        except ProcessError as error:
            self._died()
            message = f"{self.name} could not be started: {error}"
            raise ModelFailed(message, condition=Condition.NOT_STARTED) from error
        await self._settle(self._server.client)
        return self._server

    def _keeps_dying(self, how: str) -> ModelFailed:
        return ModelFailed(f"{self.name} {how}", condition=Condition.KEEPS_DYING)

    async def _settle(self, client: OpenAI) -> None:
        """Lets the one that asks the child find out the family, once, where that is not known."""
        if self._unsettled is None:
            return
        self._unsettled = None
        # A child that dies of it is noticed at the next request.
        with suppress(ModelError):
            await client.warm_up()
            self.capabilities = client.capabilities

    async def _launch(self) -> _Server:
        key = secrets.token_urlsafe(32)
        arguments = (str(self.file), str(self.capabilities.context_tokens), str(thread_count()))
        command = processes.python("fimls.models.embedded_child", *arguments)
        child = await processes.start(command, env_extra={KEY_VARIABLE: key})
        self.starts += 1
        try:
            url = _reported(await child.first_line(_LOAD_S), self.file)
            return _Server(child, self._client(url, key))
        except BaseException:
            await child.stop()
            raise

    def _client(self, url: str, key: str) -> OpenAI:
        from fimls.models.hosts import Host
        from fimls.models.openai import OpenAI
        from fimls.models.openai_dialects import LLAMA_SERVER

        return OpenAI(
            Host(url, is_local=True),
            self.name,
            headers={"Authorization": f"Bearer {key}"},
            capabilities=self.capabilities,
            dialect=LLAMA_SERVER,
            extra=_sure,
            unsettled=self._unsettled,
        )

    def _died(self) -> None:
        self._deaths += 1
        wait_s = 0.0
        if self._deaths > 1:
            wait_s = min(_FIRST_WAIT_S * 2 ** (self._deaths - 2), _LONGEST_WAIT_S)
        self._not_before = self._clock.now() + wait_s

    async def _bury(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            await server.client.close()
            await server.child.stop()


async def _beyond(said: str, pieces: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
    """The pieces after the text that has been passed on already, by a process that then died.

    The same model says the same to the same request; `StreamBroken` if for once it does not, or
    if the pieces end without an end.
    """
    again = ""
    async with aclosing(pieces):
        async for piece in pieces:
            before, again = len(again), again + piece.text
            if not (again.startswith(said) or said.startswith(again)):
                raise StreamBroken("the embedded model died, and then said something else")
            if len(again) > len(said) or piece.end is not None:
                yield replace(piece, text=piece.text[max(0, len(said) - before) :])
            if piece.end is not None:
                return
    raise StreamBroken("the embedded model's answer broke off")


def _reported(line: str, file: Path) -> str:
    report = json.loads(line)
    if "error" in report:
        raise ProcessError(f"{report['error']} ({file})")
    return str(report["url"])


def _sure(_request: Generation) -> dict[str, object]:
    return {"logprobs": 1}

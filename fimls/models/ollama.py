"""A model behind Ollama, asked with raw prompts of our own (`ollama.md` §5.1).

Two things make Ollama load a model anew, which takes seconds to minutes: any change of a runner
option, and a connection closed while it loads.  So the one runner option is the same in each
request of a session, and a warm-up is a task of its own that nothing here ends.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from fimls.clock import Clock, SystemClock
from fimls.errors import StreamBroken
from fimls.models import http
from fimls.models.families import family_for
from fimls.models.hosts import permit, permit_model
from fimls.models.ollama_client import close_ollama, open_ollama, streamed
from fimls.models.ollama_server import is_same_model
from fimls.models.protocol import Capabilities, Chat, End, Generation, Piece
from fimls.models.warming import Warming

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    import ollama
    from ollama import ChatResponse, GenerateResponse

    from fimls.models.ollama_server import Loaded, OllamaServer

    _Answer = TypeVar("_Answer", GenerateResponse, ChatResponse)

AUTO_CONTEXT_TOKENS: Final = 4096
"""Enough for window, map and answer; each further thousand costs memory and seconds to read."""

# Another program may have had the model unloaded, or `keepAlive` may be over.  For this long after
# a sign of life that is not asked about.
_SURE_S: Final = 20.0

# What of `ollama.md` §5.1 is the same in every request and does not load the model anew.
_SAMPLING: Final = {"top_p": 0.9, "top_k": 40, "repeat_penalty": 1.0}

# The first release that serves models with llama-server, which keeps the prompts it has read.
_SAVES_PROMPTS_SINCE: Final = (0, 30, 0)

# A build of a developer's own, from a tree that is newer than any release.
_OWN_BUILD: Final = (0, 0, 0)

# What a template says that renders the turns of a chat; one of a base model has none of it.
_CHAT_SIGNS: Final = (".Messages", ".System", ".Role", "[INST]", "<|im_start|>")


@dataclass(frozen=True, slots=True)
class OllamaOptions:
    """What the settings say about it: `family`, `contextLength`, `keepAlive` and `allowRemote`."""

    family: str = "auto"
    context_length: int | Literal["auto"] = "auto"
    keep_alive: str | float = "30m"
    allow_remote: bool = False


async def connect(
    server: OllamaServer, name: str, options: OllamaOptions, *, clock: Clock | None = None
) -> Ollama:
    """The model of that name, after asking the server about it.

    Raises `HostRefused` before any connection if the host is not allowed, `ModelMissing` if the
    server does not have the model, and what else may fail.
    """
    permit(server.host, options.allow_remote)
    permit_model(name, options.allow_remote)
    version = await server.version()
    for listed in await server.models():
        if is_same_model(listed.name, name):
            permit_model(name, options.allow_remote, remote_host=listed.remote_host)
    shown = await server.show(name)
    permit_model(name, options.allow_remote, remote_host=shown.remote_host)
    loaded = _named(name, await server.loaded())
    capabilities = Capabilities(
        family=family_for(options.family, name),
        context_tokens=_context_tokens(options.context_length, loaded, shown.context_tokens),
        can_chat=any(sign in shown.template for sign in _CHAT_SIGNS),
        saves_prompts=version >= _SAVES_PROMPTS_SINCE or version == _OWN_BUILD,
        has_gpu=None if loaded is None else loaded.gpu_bytes > 0,
    )
    return Ollama(server, name, capabilities, keep_alive=options.keep_alive, clock=clock)


class Ollama:
    """A model behind Ollama as a `Model`; it closes its server with itself."""

    backend = "ollama"

    def __init__(
        self,
        server: OllamaServer,
        name: str,
        capabilities: Capabilities,
        *,
        keep_alive: str | float = "30m",
        clock: Clock | None = None,
    ) -> None:
        self.name = name
        self.capabilities = capabilities
        self._server = server
        self._keep_alive = keep_alive
        self._clock = clock or SystemClock()
        self._num_ctx = capabilities.context_tokens
        self._opening = asyncio.Lock()
        self._client: ollama.AsyncClient | None = None
        self._warming = Warming(self._load)
        self._alive_at: float | None = None
        self._closed = False

    @property
    def host(self) -> str:
        """The base URL that text is sent to."""
        return self._server.host.url

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a raw prompt; loads the model first where it is no longer there."""
        await self._awake()
        client = await self._opened()
        asked = client.generate(
            self.name,
            request.prompt,
            raw=True,
            stream=True,
            # Otherwise a model that can think does, and its answer is searched for thoughts.
            think=False,
            options=self._options(request),
            keep_alive=self._keep_alive,
        )
        answers = streamed(asked, model=self.name, host=self._server.host)
        async with aclosing(self._pieces(answers, lambda answer: answer.response)) as pieces:
            async for piece in pieces:
                yield piece

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a chat, rendered by the model's own template."""
        await self._awake()
        client = await self._opened()
        asked = client.chat(
            self.name,
            [{"role": message.role, "content": message.content} for message in request.messages],
            stream=True,
            think=False,
            options=self._options(request),
            keep_alive=self._keep_alive,
        )
        answers = streamed(asked, model=self.name, host=self._server.host)
        async with aclosing(self._pieces(answers, lambda answer: answer.message.content)) as pieces:
            async for piece in pieces:
                yield piece

    async def warm_up(self) -> None:
        """Loads the model; that goes on when whoever waits for it is cancelled."""
        await self._warming.wait()

    async def close(self) -> None:
        """Closes all connections; a load under way is left to end first, in a task of its own."""
        self._closed = True
        await self._warming.close_after(self._close)

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await close_ollama(client)
        await self._server.close()

    async def _awake(self) -> None:
        """Sees to it that the model is loaded.

        A request that had to load it would be ended by the next key, and the load with it.
        """
        if self._is_surely_alive():
            return
        if self._warming.is_running or _named(self.name, await self._server.loaded()) is None:
            await self.warm_up()
        self._alive_at = self._clock.now()

    def _is_surely_alive(self) -> bool:
        return self._alive_at is not None and self._clock.now() - self._alive_at < _SURE_S

    async def _load(self) -> None:
        client = await self._opened()
        # An empty prompt loads the model and generates nothing (`ollama.md` §5.2).
        asked = client.generate(
            self.name,
            "",
            raw=True,
            stream=True,
            think=False,
            options={"num_ctx": self._num_ctx},
            keep_alive=self._keep_alive,
        )
        answers = streamed(asked, model=self.name, host=self._server.host)
        async with aclosing(self._pieces(answers, lambda answer: answer.response)) as pieces:
            async for _ in pieces:
                pass
        if (loaded := _named(self.name, await self._server.loaded())) is not None:
            self.capabilities = _as_loaded(self.capabilities, loaded)

    async def _pieces(
        self, answers: AsyncGenerator[_Answer, None], text_of: Callable[[_Answer], str | None]
    ) -> AsyncGenerator[Piece, None]:
        async with aclosing(answers):
            async for answer in answers:
                self._alive_at = self._clock.now()
                said = text_of(answer) or ""
                if answer.done:
                    await http.read_rest(answers)
                    yield Piece(said, end=_end(answer.done_reason))
                    return
                if said:
                    yield Piece(said)
        raise StreamBroken(f"{self.name} broke off")

    async def _opened(self) -> ollama.AsyncClient:
        async with self._opening:
            if self._closed:
                raise StreamBroken(f"{self.name} has been closed")
            if self._client is None:
                self._client = await open_ollama(self._server.host, self._server.headers)
            return self._client

    def _options(self, request: Generation | Chat) -> dict[str, object]:
        # Ours replace the stop strings of the model, which a chat without any is to keep.
        stop = {"stop": list(request.stop)} if request.stop else {}
        return {
            "num_ctx": self._num_ctx,
            # Ollama reads 0 as no limit.
            "num_predict": max(1, request.max_tokens),
            "temperature": request.temperature,
            "seed": request.seed,
            **_SAMPLING,
            **stop,
        }


def _end(reason: str | None) -> End:
    return End.LENGTH if reason == "length" else End.STOP


def _named(name: str, loaded: tuple[Loaded, ...]) -> Loaded | None:
    return next((each for each in loaded if is_same_model(each.name, name)), None)


def _context_tokens(wanted: int | Literal["auto"], loaded: Loaded | None, trained: int) -> int:
    """What is loaded already where nobody says otherwise: anything else loads the model anew."""
    if wanted == "auto" and loaded is not None and loaded.context_tokens:
        return loaded.context_tokens
    tokens = AUTO_CONTEXT_TOKENS if wanted == "auto" else wanted
    return min(tokens, trained) if trained else tokens


def _as_loaded(capabilities: Capabilities, loaded: Loaded) -> Capabilities:
    """With what is known of a model once it is loaded; the context may have been shortened."""
    context = min(capabilities.context_tokens, loaded.context_tokens or capabilities.context_tokens)
    return replace(capabilities, context_tokens=context, has_gpu=loaded.gpu_bytes > 0)

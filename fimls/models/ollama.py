"""A model behind Ollama, asked with raw prompts of our own (`ollama.md` §5.1).

Two things make Ollama load a model anew, which takes seconds to minutes: any change of a runner
option, and a connection closed while it loads.  So the one runner option is the same in each
request of a session, and a warm-up is a task of its own that nothing here ends.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from fimls.clock import Clock, SystemClock
from fimls.errors import ModelError, ModelFailed, StreamBroken
from fimls.models import http
from fimls.models.hosts import permit, permit_model
from fimls.models.ollama_client import client_for, streamed
from fimls.models.ollama_probing import OllamaProber
from fimls.models.ollama_server import Installed, is_same_model, loaded_of
from fimls.models.probing import Unsettled, known, settled
from fimls.models.protocol import Capabilities, Chat, End, Generation, Piece
from fimls.models.trouble import Condition
from fimls.models.warming import Warming
from fimls.models.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    import ollama
    from ollama import ChatResponse, GenerateResponse

    from fimls.models.ollama_server import Loaded, OllamaServer
    from fimls.models.remembered import Remembered

    _Answer = TypeVar("_Answer", GenerateResponse, ChatResponse)

AUTO_CONTEXT_TOKENS: Final = 4096
"""Enough for window, map and answer; each further thousand costs memory and seconds to read."""

# Another program may have had the model unloaded, or `keepAlive` may be over.  For this long after
# a sign of life that is not asked about.
_SURE_S: Final = 20.0

# Without an event for so long, over several requests, a warm model is not at work: a thousand
# tokens are read in 30 s by any GPU (`ollama.md` §5.5), and in 90 s by a slow processor.
_SILENCE_ON_GPU_S: Final = 30.0
_SILENCE_ON_CPU_S: Final = 90.0

# A server that is well unloads a model in less, unless somebody else's request holds it.
_UNLOAD_S: Final = 5.0

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
    server: OllamaServer,
    name: str,
    options: OllamaOptions,
    *,
    clock: Clock | None = None,
    remembered: Remembered | None = None,
) -> Ollama:
    """The model of that name, after asking the server about it.

    A model whose family none of that tells is tried when it is loaded, by `warm_up`; `remembered`
    knows which have been tried before.  Raises `HostRefused` before any connection if the host is
    not allowed, `ModelMissing` if the server does not have the model, and what else may fail.
    """
    permit(server.host, options.allow_remote)
    permit_model(name, options.allow_remote)
    version = await server.version()
    listed = await _listed(server, name)
    permit_model(name, options.allow_remote, remote_host=listed.remote_host)
    shown = await server.show(name)
    permit_model(name, options.allow_remote, remote_host=shown.remote_host)
    loaded = loaded_of(name, await server.loaded())
    # The server's own name has the tag that a user may leave out, and a tag tells much.
    asked = Unsettled(shown.evidence(listed.name), listed.digest, remembered)
    detected, unsettled = await asyncio.to_thread(known, options.family, asked)
    capabilities = Capabilities(
        family=detected.family,
        context_tokens=_context_tokens(options.context_length, loaded, shown.context_tokens),
        can_chat=any(sign in shown.template for sign in _CHAT_SIGNS),
        saves_prompts=version >= _SAVES_PROMPTS_SINCE or version == _OWN_BUILD,
        has_gpu=None if loaded is None else loaded.gpu_bytes > 0,
        found_by=detected.how,
    )
    return Ollama(
        server,
        name,
        capabilities,
        keep_alive=options.keep_alive,
        clock=clock,
        unsettled=unsettled,
    )


async def _listed(server: OllamaServer, name: str) -> Installed:
    """What the server's list has of a model; of one that is not in it nothing but the name."""
    found = (each for each in await server.models() if is_same_model(each.name, name))
    return next(found, Installed(name, size_bytes=0, digest=""))


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
        unsettled: Unsettled | None = None,
    ) -> None:
        self.name = name
        self.capabilities = capabilities
        self._server = server
        self._keep_alive = keep_alive
        self._clock = clock or SystemClock()
        self._num_ctx = capabilities.context_tokens
        self._unsettled = unsettled
        self._client = client_for(server.host, server.headers, name)
        self._warming = Warming(self._load)
        self._alive_at: float | None = None
        self._dog = Watchdog(_SILENCE_ON_GPU_S if capabilities.has_gpu else _SILENCE_ON_CPU_S)
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
        answers = streamed(asked, self._server.host, self.name)
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
        answers = streamed(asked, self._server.host, self.name)
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
        await self._client.close()
        await self._server.close()

    async def _awake(self) -> None:
        """Sees to it that the model is loaded.

        A request that had to load it would be ended by the next key, and the load with it.
        """
        if self._dog.is_suspicious:
            await self._give_up_silent()
        if self._is_surely_alive():
            return
        if self._warming.is_running or loaded_of(self.name, await self._server.loaded()) is None:
            await self.warm_up()
        self._alive_at = self._clock.now()

    async def _give_up_silent(self) -> None:
        """Unloads a model that takes requests and says nothing, so that it is loaded anew.

        The slot of one that is loaded may be held for ever, and this frees it (`ollama.md` §5.5).
        Raises `ModelFailed` to tell of it, or what the server's own silence is.
        """
        self._dog.reset()
        self._alive_at = None
        async with http.in_time(self._server.host, _UNLOAD_S):
            await self._server.version()
            await self._server.unload(self.name)
        message = f"{self.name} takes requests and says nothing"
        raise ModelFailed(message, condition=Condition.SILENT)

    def _is_surely_alive(self) -> bool:
        return self._alive_at is not None and self._clock.now() - self._alive_at < _SURE_S

    async def _load(self) -> None:
        async with http.in_time(self._server.host, http.LOAD_TIMEOUT_S):
            # An empty prompt loads the model and generates nothing (`ollama.md` §5.2).
            await self._answered("", {})
        if (loaded := loaded_of(self.name, await self._server.loaded())) is not None:
            self.capabilities = _as_loaded(self.capabilities, loaded)
        if self._unsettled is not None:
            await self._settle(self._unsettled)

    async def _settle(self, unsettled: Unsettled) -> None:
        """Tries the model, now that it is there; where that fails, again after the next load."""
        vocabulary = partial(self._server.vocabulary, self.name)
        found = await settled(unsettled, OllamaProber(self._answered), vocabulary)
        if found is not None:
            self._unsettled = None
            self.capabilities = replace(self.capabilities, family=found.family, found_by=found.how)

    async def _answered(self, prompt: str, options: Mapping[str, object]) -> tuple[str, int | None]:
        """The whole answer to a prompt of our own, and how many tokens that prompt had."""
        client = await self._opened()
        asked = client.generate(
            self.name,
            prompt,
            raw=True,
            stream=True,
            think=False,
            options={**options, "num_ctx": self._num_ctx},
            keep_alive=self._keep_alive,
        )
        said = ""
        async with aclosing(streamed(asked, self._server.host, self.name)) as answers:
            async for answer in answers:
                self._alive_at = self._clock.now()
                said += answer.response or ""
                if answer.done:
                    await http.read_rest(answers)
                    return said, answer.prompt_eval_count
        raise StreamBroken(f"{self.name} broke off")

    async def _pieces(
        self, answers: AsyncGenerator[_Answer, None], text_of: Callable[[_Answer], str | None]
    ) -> AsyncGenerator[Piece, None]:
        async with aclosing(self._watched(answers)) as watched:
            async for answer in watched:
                self._alive_at = self._clock.now()
                said = text_of(answer) or ""
                if answer.done:
                    await http.read_rest(watched)
                    yield Piece(said, end=_end(answer.done_reason))
                    return
                if said:
                    yield Piece(said)
        raise StreamBroken(f"{self.name} broke off")

    async def _watched(
        self, answers: AsyncGenerator[_Answer, None]
    ) -> AsyncGenerator[_Answer, None]:
        """The same answers; the watchdog is told of each, and of an end without any."""
        ident = self._dog.began(self._clock.now())
        try:
            async with aclosing(answers):
                async for answer in answers:
                    self._dog.heard(ident)
                    yield answer
        except ModelError:
            # A refusal is a word, too.
            self._dog.heard(ident)
            raise
        finally:
            self._dog.ended(ident, self._clock.now())

    async def _opened(self) -> ollama.AsyncClient:
        # A load under way has the client still, and what comes after the load is not to begin.
        if self._closed:
            raise StreamBroken(f"{self.name} has been closed")
        return await self._client.opened()

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

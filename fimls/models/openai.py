"""A model behind a server with OpenAI's routes: llama-server, vLLM, LM Studio and many others.

The embedded model is asked through it too, with fields of llama.cpp's own.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fimls.models.families import family_for
from fimls.models.gbnf import beginning_with
from fimls.models.hosts import permit
from fimls.models.openai_server import OpenAIServer, Served
from fimls.models.protocol import Capabilities, Chat, Generation, Piece
from fimls.models.warming import Warming

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from fimls.models.hosts import Host

AUTO_CONTEXT_TOKENS: Final = 4096
"""What servers are started with at the least these days, for those that do not tell."""

# OpenAI's own limit, which others have taken over.
_MOST_STOPS: Final = 4

_LLAMA_CPP: Final = "llamacpp"

# Servers that keep the prompts they have read: both do unless told otherwise.
_SAVES_PROMPTS: Final = frozenset({_LLAMA_CPP, "vllm"})


@dataclass(frozen=True, slots=True)
class OpenAIOptions:
    """What the settings say about it: `family`, `contextLength` and `allowRemote`."""

    family: str = "auto"
    context_length: int | Literal["auto"] = "auto"
    allow_remote: bool = False


async def connect(
    host: Host, headers: Mapping[str, str], name: str, options: OpenAIOptions
) -> OpenAI:
    """The model of that name at a server, after asking what that is.

    Raises `HostRefused` before any connection if the host is not allowed, and what else may fail.
    """
    permit(host, options.allow_remote)
    server = OpenAIServer(host, headers)
    try:
        served = _named(name, await server.models())
    finally:
        await server.close()
    tells = served.context_tokens or AUTO_CONTEXT_TOKENS
    wanted = options.context_length
    capabilities = Capabilities(
        family=family_for(options.family, name),
        context_tokens=tells if wanted == "auto" else wanted,
        can_force=served.owner == _LLAMA_CPP,
        can_chat=True,
        saves_prompts=served.owner in _SAVES_PROMPTS,
    )
    extra = _forcing if capabilities.can_force else _nothing
    return OpenAI(host, name, headers=headers, capabilities=capabilities, extra=extra)


def _nothing(_request: Generation) -> Mapping[str, object]:
    return {}


def _forcing(request: Generation) -> Mapping[str, object]:
    return {"grammar": beginning_with(request.force)} if request.force else {}


class OpenAI:
    """A model behind a server with OpenAI's routes, as a `Model`.

    `extra` makes the fields that the server takes besides OpenAI's; `headers` carry the key.
    """

    backend = "openai"

    def __init__(
        self,
        host: Host,
        name: str,
        *,
        headers: Mapping[str, str],
        capabilities: Capabilities,
        extra: Callable[[Generation], Mapping[str, object]] = _nothing,
    ) -> None:
        self.name = name
        self.host = host.url
        self.capabilities = capabilities
        self._server = OpenAIServer(host, headers)
        self._extra = extra
        self._warming = Warming(self._load)

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a raw prompt."""
        body = {"prompt": request.prompt, **self._fields(request), **self._extra(request)}
        async with aclosing(self._server.stream("completions", body, model=self.name)) as pieces:
            async for piece in pieces:
                yield piece

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a chat, rendered by the model's own template."""
        messages = [
            {"role": message.role, "content": message.content} for message in request.messages
        ]
        body = {"messages": messages, **self._fields(request)}
        async with aclosing(
            self._server.stream("chat/completions", body, model=self.name)
        ) as pieces:
            async for piece in pieces:
                yield piece

    async def warm_up(self) -> None:
        """Asks for one token: some servers load a model when it is first asked, and a wrong key or
        name shows before anyone waits for a completion.
        """
        await self._warming.wait()

    async def close(self) -> None:
        """Closes all connections; a warm-up under way is left to end first, by itself."""
        await self._warming.close_after(self._server.close)

    async def _load(self) -> None:
        async with aclosing(self.generate(Generation("\n", max_tokens=1))) as pieces:
            async for _ in pieces:
                pass

    def _fields(self, request: Generation | Chat) -> dict[str, object]:
        stop = {"stop": list(request.stop[:_MOST_STOPS])} if request.stop else {}
        return {
            "model": self.name,
            "max_tokens": max(1, request.max_tokens),
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": True,
            **stop,
        }


def _named(name: str, listed: tuple[Served, ...]) -> Served:
    """The model's own entry, or the only one: llama-server answers to any name."""
    own = [each for each in listed if each.name == name]
    return next(iter(own or (listed if len(listed) == 1 else ())), Served(name, 0, ""))

"""A model behind a server with OpenAI's routes: llama-server, vLLM, LM Studio and many others.

How they differ is in `openai_dialects`.  The embedded model is asked through it too.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

from fimls.errors import ModelRefused
from fimls.models import http
from fimls.models.hosts import permit
from fimls.models.openai_dialects import OLLAMA, OTHER, Dialect, dialect_of
from fimls.models.openai_probing import OpenAIProber, told, vocabulary
from fimls.models.openai_server import OpenAIServer, Served
from fimls.models.probing import Unsettled, known, settled
from fimls.models.protocol import Capabilities, Chat, Generation, Piece
from fimls.models.trouble import Condition
from fimls.models.warming import Warming
from fimls.models.wire import mapping, parsed, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from fimls.models.hosts import Host
    from fimls.models.remembered import Remembered

AUTO_CONTEXT_TOKENS: Final = 4096
"""What servers are started with at the least these days, for those that do not tell."""

# What Ollama's front page says, and nobody else's (`ollama.md` §1.5).
_OLLAMA_PAGE: Final = b"Ollama is running"


@dataclass(frozen=True, slots=True)
class OpenAIOptions:
    """What the settings say about it: `family`, `contextLength` and `allowRemote`."""

    family: str = "auto"
    context_length: int | Literal["auto"] = "auto"
    allow_remote: bool = False


async def connect(
    host: Host,
    headers: Mapping[str, str],
    name: str,
    options: OpenAIOptions,
    *,
    remembered: Remembered | None = None,
) -> OpenAI:
    """The model of that name at a server, after asking what that is.

    A model whose family none of that tells is tried by `warm_up`; `remembered` knows which have
    been tried before.  Raises `HostRefused` before any connection if the host is not allowed,
    `ModelRefused` for a kind of server that cannot be used in this way, and what else may fail.
    """
    permit(host, options.allow_remote)
    server = OpenAIServer(host, headers)
    try:
        served = _named(name, await server.models())
        dialect = await _recognised(server, served)
        tells = served.context_tokens or await _context_tokens(server, dialect, name)
        its = await told(server, dialect, served, name)
    finally:
        await server.close()
    asked = Unsettled(its.evidence, its.digest, remembered)
    detected, unsettled = await asyncio.to_thread(known, options.family, asked)
    wanted = options.context_length
    capabilities = Capabilities(
        family=detected.family,
        context_tokens=(tells or AUTO_CONTEXT_TOKENS) if wanted == "auto" else wanted,
        can_force=dialect.forcing is not None,
        can_chat=True,
        saves_prompts=dialect.saves_prompts,
        found_by=detected.how,
    )
    return OpenAI(
        host,
        name,
        headers=headers,
        capabilities=capabilities,
        dialect=dialect,
        unsettled=unsettled,
    )


async def _recognised(server: OpenAIServer, served: Served) -> Dialect:
    """The kind of server, if it can be used."""
    dialect = dialect_of(served)
    if dialect is OTHER and (await server.aside("")).strip() == _OLLAMA_PAGE:
        dialect = OLLAMA
    if dialect.refusal:
        message = f"{server.host.url} is {dialect.title}; {dialect.refusal}"
        raise ModelRefused(message, condition=Condition.NO_ROUTE)
    return dialect


async def _context_tokens(server: OpenAIServer, dialect: Dialect, name: str) -> int:
    """What the server tells of its context in a place of its own; 0 where it does not."""
    if dialect.context is None:
        return 0
    place = quote(name, safe="/@:", errors="replace")
    answer = await server.aside(dialect.context.route.format(name=place))
    return whole(mapping(parsed(answer)).get(dialect.context.field))


def _nothing(_request: Generation) -> Mapping[str, object]:
    return {}


class OpenAI:
    """A model behind a server with OpenAI's routes, as a `Model`.

    `dialect` says what is different with the kind of server; `extra` makes more fields for raw
    prompts.  `headers` carry the key.  What is `unsettled` is found out by `warm_up`.
    """

    backend = "openai"

    def __init__(
        self,
        host: Host,
        name: str,
        *,
        headers: Mapping[str, str],
        capabilities: Capabilities,
        dialect: Dialect = OTHER,
        extra: Callable[[Generation], Mapping[str, object]] = _nothing,
        unsettled: Unsettled | None = None,
    ) -> None:
        self.name = name
        self.host = host.url
        self.capabilities = capabilities
        # Kept where the server closes it, a connection is there for the next request or just not:
        # up to 23 of 100 requests one upon the other broke (`docs/openai.md`).
        closing = {"Connection": "close"} if dialect.closes_streams else {}
        self._server = OpenAIServer(host, {**headers, **closing})
        self._dialect = dialect
        self._extra = extra
        self._unsettled = unsettled
        self._warming = Warming(self._load)

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a raw prompt."""
        body = {
            "prompt": request.prompt,
            **self._fields(request),
            **self._dialect.fields(request.force, request.starts),
            **self._extra(request),
        }
        async with aclosing(self._server.stream("completions", body, model=self.name)) as pieces:
            async for piece in pieces:
                yield piece

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a chat, rendered by the model's own template."""
        messages = [
            {"role": message.role, "content": message.content} for message in request.messages
        ]
        body = {"messages": messages, **self._fields(request), **self._dialect.chat_fields}
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
        async with (
            http.in_time(self._server.host, http.LOAD_TIMEOUT_S),
            aclosing(self.generate(Generation("\n", max_tokens=1))) as pieces,
        ):
            async for _ in pieces:
                pass
        if self._unsettled is not None:
            await self._settle(self._unsettled)

    async def _settle(self, unsettled: Unsettled) -> None:
        """Tries the model, now that it is there; where that fails, again after the next load."""
        prober = OpenAIProber(self._server, self._dialect, self.name)
        found = await settled(unsettled, prober, partial(vocabulary, self._server, self._dialect))
        if found is not None:
            self._unsettled = None
            self.capabilities = replace(self.capabilities, family=found.family, found_by=found.how)

    def _fields(self, request: Generation | Chat) -> dict[str, object]:
        return {
            "model": self.name,
            "max_tokens": max(1, request.max_tokens),
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": True,
            **self._dialect.stops(request.stop),
        }


def _named(name: str, listed: tuple[Served, ...]) -> Served:
    """The model's own entry, or the only one: llama-server answers to any name.

    A name that is not listed is made up of what the others tell of the server.
    """
    own = [each for each in listed if each.name == name]
    found = next(iter(own or listed), Served(name, 0, ""))
    return (
        found if own or len(listed) == 1 else replace(found, name=name, context_tokens=0, base="")
    )

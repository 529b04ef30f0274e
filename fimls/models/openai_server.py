"""A server with OpenAI's routes: its models, streams of events from it, and what it tells aside."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from fimls.errors import ModelError, ModelRefused
from fimls.models import http, questions
from fimls.models.openai_answers import pieces_of
from fimls.models.openai_faults import openai_error
from fimls.models.sse import events
from fimls.models.stale import posted
from fimls.models.trouble import Condition
from fimls.models.wire import items, mapping, parsed, text, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from fimls.models.hosts import Host
    from fimls.models.protocol import Piece

# What is asked aside can be done without; nobody waits long for it.
_ASIDE_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Served:
    """A model that a server lists.

    `context_tokens` is 0 where it does not tell; `owner` tells the kind of server: `llamacpp`,
    `vllm` and the like.  `base` is the model behind a name that the user has made up, "" where it
    does not tell; `server` is the header of that name.  `size_bytes` is 0 where it does not tell.
    """

    name: str
    context_tokens: int
    owner: str
    base: str = ""
    server: str = ""
    size_bytes: int = 0


class OpenAIServer:
    """A server with OpenAI's routes; nothing is sent before the first question.

    All methods raise only errors of the `ModelError` branch.
    """

    def __init__(self, host: Host, headers: Mapping[str, str]) -> None:
        self.host = host
        # Both forms of a base URL are common; the routes begin with `/v1` in either.
        self._root = host.url.removesuffix("/v1")
        self._client = http.client_for(host, headers)

    async def models(self) -> tuple[Served, ...]:
        """The models that it lists."""
        client = await self._client.opened()
        answer = await questions.answered(client, self.host, "GET", f"{self._root}/v1/models")
        if answer.is_error and answer.status not in questions.NO_SUCH_ROUTE:
            raise self._error(answer, model="")
        fields = mapping(parsed(answer.body))
        if "data" not in fields:
            message = f"what answers at {self.host.url} has no list of models"
            raise ModelRefused(message, condition=Condition.NOT_THE_SERVER)
        server = answer.headers.get("server", "")
        listed = (_served(mapping(each), server) for each in items(fields["data"]))
        return tuple(each for each in listed if each.name)

    async def aside(self, route: str, body: Mapping[str, object] | None = None) -> bytes:
        """What a route answers that not every server has: to a GET, or to a POST of a body.

        Empty where there is no answer, for whatever reason.
        """
        client = await self._client.opened()
        method = "GET" if body is None else "POST"
        try:
            async with http.in_time(self.host, _ASIDE_TIMEOUT_S):
                answer = await questions.ask(
                    client, self.host, method, f"{self._root}/{route}", body
                )
        except ModelError:
            return b""
        return b"" if answer.is_error else answer.body

    async def answer(
        self, route: str, body: Mapping[str, object], *, model: str
    ) -> Mapping[str, object]:
        """The whole answer to a request without `stream`."""
        client = await self._client.opened()
        answer = await questions.ask(client, self.host, "POST", f"{self._root}/v1/{route}", body)
        if answer.is_error:
            raise self._error(answer, model=model)
        return mapping(parsed(answer.body))

    async def stream(
        self, route: str, body: Mapping[str, object], *, model: str
    ) -> AsyncGenerator[Piece, None]:
        """The pieces of the answer to a request with `stream` set.

        Closing the generator closes the connection, and returns when that is closed.
        """
        client = await self._client.opened()
        with http.errors_of(self.host):
            async with posted(client, f"{self._root}/v1/{route}", body) as response:
                if response.is_error:
                    raise self._error(await questions.whole(response, self.host), model=model)
                # What the library calls an iterator is a generator.
                chunks = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
                error_of = partial(self._error_within, model=model)
                async with aclosing(pieces_of(events(chunks), error_of)) as pieces:
                    async for piece in pieces:
                        yield piece

    async def close(self) -> None:
        """Closes all connections; nothing can be asked any more."""
        await self._client.close()

    def _error(self, answer: questions.Answer, *, model: str) -> ModelError:
        return openai_error(
            answer.status,
            answer.body,
            model=model,
            host=self.host.url,
            retry_after=answer.headers.get("retry-after", ""),
        )

    def _error_within(self, answer: Mapping[str, object], *, model: str) -> ModelError:
        status = whole(mapping(answer.get("error")).get("code")) or None
        return openai_error(status, answer, model=model, host=self.host.url)


def _served(model: Mapping[str, object], server: str) -> Served:
    # vLLM's field, else llama.cpp's.
    meta = mapping(model.get("meta"))
    context = whole(model.get("max_model_len")) or whole(meta.get("n_ctx"))
    name, base = text(model.get("id")), text(model.get("root"))
    return Served(
        name,
        context,
        text(model.get("owned_by")),
        base if base != name else "",
        server,
        whole(meta.get("size")),
    )

"""The `ollama` package, set up so that it goes nowhere but to the host, and its errors as ours.

By itself it obeys proxies, follows redirects and sends `OLLAMA_API_KEY` to any host.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from fimls.errors import ModelError, StreamBroken
from fimls.models import http, ollama_package
from fimls.models.lines import lines_of
from fimls.models.ollama_faults import ollama_error
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping

    import httpx
    import ollama

    from fimls.models.hosts import Host

_Answer = TypeVar("_Answer")


async def open_ollama(host: Host, headers: Mapping[str, str]) -> ollama.AsyncClient:
    """A client for long answers; it waits for them as long as that takes.

    The package is loaded in a thread: it takes 0.2 s.
    """
    return await asyncio.to_thread(_client, host, headers)


async def close_ollama(client: ollama.AsyncClient) -> None:
    """Closes all connections of a client."""
    await client.close()  # type: ignore[no-untyped-call]


async def streamed(
    asked: Awaitable[AsyncIterator[_Answer]], *, model: str, host: Host
) -> AsyncGenerator[_Answer, None]:
    """The answers to a request, one for each line, with errors of ours.

    Closing it closes the connection, and returns when that is closed.
    """
    import ollama

    try:
        with http.errors_of(host):
            # What the package calls an iterator is a generator, whose closing ends the request.
            async with aclosing(cast("AsyncGenerator[_Answer, None]", await asked)) as answers:
                async for answer in answers:
                    yield answer
    except ModelError:
        raise
    except ollama.ResponseError as error:
        # The package's own number for an error within a stream is -1.
        status = error.status_code if error.status_code > 0 else None
        raise ollama_error(status, _body(error), model=model, host=host.url) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        # A line that is no JSON, no object, or has a field of another type than agreed.
        message = f"{host.url} sent what cannot be read"
        raise StreamBroken(message, condition=Condition.UNREADABLE) from error


def _body(error: ollama.ResponseError) -> object:
    """What Ollama said: the package keeps the message alone, and drops where to sign in."""
    response = getattr(error.__context__, "response", None)
    return getattr(response, "content", None) or error.error


def _client(host: Host, headers: Mapping[str, str]) -> ollama.AsyncClient:
    module = ollama_package.load()
    options = http.client_options(host, headers, on_response=(_split_at_line_ends_only,))
    if host.is_local and not http.has_authorization(headers, host):
        # Called with every request just before it is sent (httpx, "Customizing authentication").
        options["auth"] = _without_key
    client: ollama.AsyncClient = module.AsyncClient(host.url, **options)
    return client


async def _split_at_line_ends_only(response: httpx.Response) -> None:
    """Gives the package, which reads a response by lines, the lines as JSON has them."""
    chunks = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
    response.aiter_lines = partial(lines_of, chunks)  # type: ignore[method-assign, assignment]


def _without_key(request: httpx.Request) -> httpx.Request:
    """Drops the key that the package took from the environment."""
    request.headers.pop("Authorization", None)
    return request

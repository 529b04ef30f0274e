"""The `ollama` package, set up so that it goes nowhere but to the host, and its errors as ours.

By itself it obeys proxies, follows redirects and sends `OLLAMA_API_KEY` to any host.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from fimls.errors import ModelError, StreamBroken
from fimls.models import http, ollama_package, questions
from fimls.models.late_client import LateClient
from fimls.models.lines import lines_of
from fimls.models.ollama_faults import ollama_error
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping

    import httpx
    import ollama

    from fimls.models.hosts import Host

_Answer = TypeVar("_Answer")


def client_for(
    host: Host, headers: Mapping[str, str], model: str
) -> LateClient[ollama.AsyncClient]:
    """The client for what a model of a host is asked, opened with the first of it."""
    return LateClient(host, lambda: open_ollama(host, headers, model), close_ollama)


async def open_ollama(host: Host, headers: Mapping[str, str], model: str) -> ollama.AsyncClient:
    """A client for long answers about a model; it waits for them as long as that takes.

    The package is loaded in a thread: it takes 0.2 s.
    """
    return await asyncio.to_thread(_client, host, headers, model)


async def close_ollama(client: ollama.AsyncClient) -> None:
    """Closes all connections of a client."""
    await client.close()  # type: ignore[no-untyped-call]


async def streamed(
    asked: Awaitable[AsyncIterator[_Answer]], host: Host, model: str
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
        # Those of whole responses have been raised when their heads came.
        raise ollama_error(None, error.error, model=model, host=host.url) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        # A line that is no JSON, no object, or has a field of another type than agreed.
        message = f"{host.url} sent what cannot be read"
        raise StreamBroken(message, condition=Condition.UNREADABLE) from error


def _client(host: Host, headers: Mapping[str, str], model: str) -> ollama.AsyncClient:
    module = ollama_package.load()
    on_response = (partial(_raise_errors, host, model), _split_at_line_ends_only)
    options = http.client_options(host, headers, on_response=on_response)
    if host.is_local and not http.has_authorization(headers, host):
        # Called with every request just before it is sent (httpx, "Customizing authentication").
        options["auth"] = _without_key
    client: ollama.AsyncClient = module.AsyncClient(host.url, **options)
    return client


async def _raise_errors(host: Host, model: str, response: httpx.Response) -> None:
    """Reads what is wrong: the package would read it without end, and drops where to sign in."""
    if response.is_error:
        answer = await questions.whole(response, host)
        raise ollama_error(answer.status, answer.body, model=model, host=host.url)


async def _split_at_line_ends_only(response: httpx.Response) -> None:
    """Gives the package, which reads a response by lines, the lines as JSON has them."""
    chunks = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
    response.aiter_lines = partial(lines_of, chunks)  # type: ignore[method-assign, assignment]


def _without_key(request: httpx.Request) -> httpx.Request:
    """Drops the key that the package took from the environment."""
    request.headers.pop("Authorization", None)
    return request

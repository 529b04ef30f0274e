"""HTTP as fimls speaks it: the one place that sets clients up and reads their errors.

No proxy, no credentials and no certificates of the environment, no redirects: text goes to the host
that the user has named, and nowhere else.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelError, ModelRefused, StreamBroken, Unreachable
from fimls.models.late_client import LateClient
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Awaitable,
        Callable,
        Coroutine,
        Iterator,
        Mapping,
    )

    import httpx

    from fimls.models.hosts import Host

    Hook = Callable[[httpx.Response], Awaitable[None]]

CONNECT_TIMEOUT_S: Final = 2.0
"""A server on this machine or in this house answers the knock at once, or is not there."""

LOAD_TIMEOUT_S: Final = 600.0
"""For a model to be loaded: Ollama itself gives up a load that stands still for 5 min.

A shorter one would end loads that are only slow (`ollama.md` §5.2); none at all would wait for
ever for a machine that has been switched off.
"""

# One for the stream, one for a warm-up that nobody ends; the rest in case a server closes slowly.
_MOST_CONNECTIONS: Final = 4
_KEPT_CONNECTIONS: Final = 1

# Many servers close what was not used for 5 s; who is a little earlier does not meet them at it.
_KEPT_S: Final = 4.0

# What comes after the last piece of an answer is a few bytes that are there already.
_REST_TIMEOUT_S: Final = 0.5


def client_for(host: Host, headers: Mapping[str, str]) -> LateClient[httpx.AsyncClient]:
    """The client for a host, opened with the first question."""
    return LateClient(host, lambda: open_client(host, headers), lambda client: client.aclose())


async def open_client(host: Host, headers: Mapping[str, str]) -> httpx.AsyncClient:
    """A client for a host; it waits for an answer as long as that takes.

    The library is loaded in a thread: it takes 0.1 s.
    """
    return await asyncio.to_thread(_client, host, headers)


def client_options(
    host: Host, headers: Mapping[str, str], *, on_response: tuple[Hook, ...] = ()
) -> dict[str, object]:
    """The keyword arguments of `httpx.AsyncClient` that make a client of ours, but its base URL.

    `on_response` is called with each response before its body is read.  Raises `ModelRefused` for
    headers that cannot be sent.
    """
    import httpx

    own = {} if has_authorization(headers) else _authorization(host)
    return {
        "headers": {**_sendable(headers), **own},
        "timeout": httpx.Timeout(None, connect=CONNECT_TIMEOUT_S),
        "trust_env": False,
        "follow_redirects": False,
        "transport": _transport(host),
        "event_hooks": {"response": [_close_whatever_comes, _refuse_redirect, *on_response]},
    }


def has_authorization(headers: Mapping[str, str], host: Host | None = None) -> bool:
    """Whether the user has given credentials, by a header or in the host's address."""
    named = any(name.lower() == "authorization" for name in headers)
    return named or (host is not None and bool(host.authorization))


@contextmanager
def errors_of(host: Host) -> Iterator[None]:
    """Turns errors of the HTTP library into ours.

    Raises `Unreachable` where no connection came about, `StreamBroken` where one broke, and
    `ModelRefused` for what cannot be sent.  To be used when a client is there: it needs the library
    that `open_client` loads in a thread.
    """
    import httpx

    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
        raise Unreachable(f"nothing answers at {host.url}") from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        message = f"{host.url} is no address of a server"
        raise Unreachable(message, condition=Condition.BAD_ADDRESS) from error
    except UnicodeEncodeError as error:
        # JSON may bring it (`\ud83d`), and so may the name of a file; UTF-8 has no bytes for it.
        message = "half of a character (a lone surrogate) cannot be sent"
        raise ModelRefused(message, condition=Condition.REFUSED) from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise StreamBroken(f"the connection to {host.url} broke off") from error


@asynccontextmanager
async def in_time(host: Host, limit_s: float) -> AsyncIterator[None]:
    """Raises `Unreachable` where what is asked within takes longer than that, and ends it."""
    try:
        async with asyncio.timeout(limit_s):
            yield
    except TimeoutError:
        message = f"{host.url} did not answer in time"
        raise Unreachable(message, condition=Condition.NO_ANSWER) from None


async def read_rest(stream: AsyncGenerator[object, None]) -> None:
    """Reads what comes after an answer's last piece, so that its connection can be used again."""
    try:
        async with asyncio.timeout(_REST_TIMEOUT_S):
            async for _ in stream:
                pass
    except (TimeoutError, ModelError):
        # The answer is whole; it is only the connection that is given up.
        await stream.aclose()


def _client(host: Host, headers: Mapping[str, str]) -> httpx.AsyncClient:
    import httpx

    options = client_options(host, headers)
    return httpx.AsyncClient(base_url=host.url, **options)  # type: ignore[arg-type]


def _sendable(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Raises `ModelRefused` for what HTTP does not carry, naming the header but not its value."""
    for name, value in headers.items():
        if not (name and f"{name}{value}".isascii() and f"{name}{value}".isprintable()):
            message = f"`headers`: {name} holds characters that HTTP does not carry"
            raise ModelRefused(message, condition=Condition.BAD_HEADERS)
    return headers


def _authorization(host: Host) -> dict[str, str]:
    return {"Authorization": host.authorization} if host.authorization else {}


def _transport(host: Host) -> httpx.AsyncBaseTransport:
    """How requests are carried; certificates, which cost 30 ms to load, are for TLS only."""
    import httpx

    from fimls.models.plain_http import PlainTransport

    if not host.url.startswith("https:"):
        return PlainTransport(_KEPT_S)
    limits = httpx.Limits(
        max_connections=_MOST_CONNECTIONS,
        max_keepalive_connections=_KEPT_CONNECTIONS,
        keepalive_expiry=_KEPT_S,
    )
    return httpx.AsyncHTTPTransport(trust_env=False, limits=limits)


async def _close_whatever_comes(response: httpx.Response) -> None:
    """Lets the closing of a response go on to its end when whoever closes it is cancelled.

    httpcore 1.0 shields it from anyio's cancellation only.  Cancelled there, as it is when an
    answer is cut while its last bytes arrive, the pool counts the connection as in use for ever.
    """
    close = response.stream.aclose  # type: ignore[union-attr]
    response.stream.aclose = partial(_to_the_end, close)  # type: ignore[union-attr, method-assign]


async def _to_the_end(close: Callable[[], Coroutine[object, object, None]]) -> None:
    closing = asyncio.ensure_future(close())
    try:
        await asyncio.shield(closing)
    except asyncio.CancelledError:
        # The next request may be sent only when this connection is closed.
        await asyncio.wait([closing])
        raise


async def _refuse_redirect(response: httpx.Response) -> None:
    if not 300 <= response.status_code < 400:
        return
    import httpx

    try:
        place = httpx.URL(response.headers.get("location", "")).host or "another page"
    except httpx.InvalidURL:
        place = "another page"
    here = response.request.url.host
    raise ModelRefused(
        f"{here} redirects to {place}, which is not followed", condition=Condition.REDIRECTED
    )

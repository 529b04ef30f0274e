"""What is closed stays closed: what is asked meanwhile ends, and nothing is opened afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

import pytest

from fimls.errors import ModelError, StreamBroken
from fimls.models import http
from fimls.models.hosts import Host, resolve
from fimls.models.ollama_server import OllamaServer
from fimls.models.openai_server import OpenAIServer
from fimls.testing.http_server import HttpServer, tells

if TYPE_CHECKING:
    import httpx

    from fimls.testing.http_server import Exchange, HttpRequest


class Server(Protocol):
    """What both kinds of servers can be asked."""

    async def models(self) -> object: ...

    async def close(self) -> None: ...


Kind = Callable[[Host, Mapping[str, str]], Server]

both_kinds = pytest.mark.parametrize("kind", [OllamaServer, OpenAIServer])


@both_kinds
async def test_a_question_under_way(kind: Kind) -> None:
    asked = asyncio.Event()

    async def hangs(_request: HttpRequest, _exchange: Exchange) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with HttpServer(hangs) as web:
        server = kind(resolve(web.url), {})
        asking = asyncio.ensure_future(server.models())
        await asked.wait()
        await server.close()
        with pytest.raises(ModelError):
            await asking


@both_kinds
async def test_a_question_afterwards(kind: Kind) -> None:
    async with HttpServer(tells(lambda: {"models": [], "data": []})) as web:
        server = kind(resolve(web.url), {})
        await server.models()
        await server.close()
        with pytest.raises(StreamBroken, match="has been closed"):
            await server.models()


@both_kinds
async def test_a_client_that_is_being_opened(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[httpx.AsyncClient] = []
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    open_client = http.open_client

    async def opens_slowly(host: Host, headers: Mapping[str, str]) -> httpx.AsyncClient:
        begun.set()
        await may_go_on.wait()
        opened.append(await open_client(host, headers))
        return opened[0]

    monkeypatch.setattr(http, "open_client", opens_slowly)
    server = kind(resolve("http://127.0.0.1:1"), {})
    asking = asyncio.ensure_future(server.models())
    await begun.wait()
    closing = asyncio.ensure_future(server.close())
    may_go_on.set()
    await asyncio.wait([asking, closing])

    assert isinstance(asking.exception(), ModelError)
    assert [client.is_closed for client in opened] == [True]

"""Text for Ollama goes to the host that the user named, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    HostRefused,
    ModelRefused,
)
from fimls.models.hosts import resolve
from fimls.models.ollama import Ollama, OllamaOptions, connect
from fimls.models.ollama_server import OllamaServer
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.http_server import HttpServer
from fimls.testing.ollama_models import FakeModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.testing.http_server import Exchange, HttpRequest

from tests.models.asking_ollama import (
    CAPABILITIES,
    CODE_LLAMA,
    ollama,
    pieces_of,
    text_of,
)


@pytest.fixture(name="elsewhere")
async def elsewhere_fixture() -> AsyncIterator[FakeOllama]:
    """A server that must not hear of anything."""
    async with FakeOllama() as fake:
        yield fake
        assert fake.seen.calls == []


async def test_no_proxy_of_the_environment_is_used(
    elsewhere: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        assert text_of(await pieces_of(model)) == "1"


@pytest.mark.parametrize("asks", ["a question", "the model"])
async def test_redirects_are_not_followed(elsewhere: FakeOllama, asks: str) -> None:
    async def handle(request: HttpRequest, exchange: Exchange) -> None:
        place = elsewhere.url.replace("127.0.0.1", "localhost") + request.path
        exchange.send(307, headers={"Location": place})

    async with HttpServer(handle) as web:
        server = OllamaServer(resolve(web.url), {})
        model = Ollama(server, CODE_LLAMA, CAPABILITIES, clock=VirtualClock())
        model._alive_at = 0.0
        with pytest.raises(ModelRefused, match=r"127\.0\.0\.1 redirects to localhost"):
            await (server.version() if asks == "a question" else pieces_of(model))
        await model.close()


async def test_the_key_of_the_environment_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "my-key")
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await model.warm_up()
        await pieces_of(model)

    assert len(fake.seen.calls) > 4
    assert all("authorization" not in call.headers for call in fake.seen.calls)


@pytest.mark.parametrize(
    ("credentials", "headers", "sent"),
    [
        # What the user has given for this host is sent, each time.
        ("", {"authorization": "Bearer mine", "X-Team": "a"}, "Bearer mine"),
        ("me:word@", {}, "Basic bWU6d29yZA=="),
        ("me:word@", {"Authorization": "Bearer mine"}, "Bearer mine"),
    ],
)
async def test_headers_of_the_user(
    credentials: str, headers: dict[str, str], sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "my-key")
    async with FakeOllama(answer="1") as fake:
        host = resolve(fake.url.replace("//", f"//{credentials}"))
        model = await connect(OllamaServer(host, headers), CODE_LLAMA, OllamaOptions())
        await pieces_of(model)
        await model.close()

    assert {call.headers.get("authorization") for call in fake.seen.calls} == {sent}
    assert {call.headers.get("x-team") for call in fake.seen.calls} == {headers.get("X-Team")}


@pytest.mark.usefixtures("no_connections")
async def test_another_machine_is_refused_before_any_connection() -> None:
    with pytest.raises(HostRefused, match="allowRemote"):
        await connect(OllamaServer(resolve("http://192.0.2.1"), {}), CODE_LLAMA, OllamaOptions())


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        # By its name: not even a question is asked.
        (FakeModel("gpt-oss:120b-cloud", remote_host="https://ollama.com:443"), False),
        # By what the server tells.
        (FakeModel("mine:7b", remote_host="https://ollama.com:443"), True),
    ],
)
async def test_a_cloud_model_is_refused(model: FakeModel, *, asked: bool) -> None:
    async with FakeOllama(models=[model]) as fake:
        with pytest.raises(HostRefused, match="allowRemote"):
            async with ollama(fake, model.name):
                pass
        assert bool(fake.seen.calls) is asked
        assert fake.requests == []
        async with ollama(fake, model.name, OllamaOptions(allow_remote=True)):
            pass


@pytest.mark.parametrize(
    "headers",
    [
        # More than HTTP carries, or a second header in the value of the first.
        {"Authorization": "Bearer schlüssel"},
        {"Authorization": "Bearer secret\r\nX: y"},
    ],
)
async def test_headers_that_cannot_be_sent(headers: dict[str, str]) -> None:
    async with FakeOllama() as fake:
        with pytest.raises(ModelRefused, match="`headers`: Authorization") as raised:
            await OllamaServer(resolve(fake.url), headers).version()

    assert "Bearer" not in str(raised.value)

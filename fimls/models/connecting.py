"""From the settings to a server and to a model of it; what is asked for is for others to choose."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from fimls.errors import ModelError
from fimls.models import ollama, openai
from fimls.models.hosts import masked, permit, resolve
from fimls.models.ollama_server import OllamaServer
from fimls.models.openai_server import OpenAIServer
from fimls.models.remembered import Remembered
from fimls.models.status import State, Status
from fimls.settings import cache_dir

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from fimls.models.hosts import Host
    from fimls.models.ollama_server import Installed
    from fimls.models.protocol import Model
    from fimls.settings import Settings

_Server = TypeVar("_Server", OllamaServer, OpenAIServer)


def ollama_at(settings: Settings) -> AbstractAsyncContextManager[OllamaServer]:
    """The Ollama of the settings, to be asked about its models; closed at the end.

    Raises `HostRefused` and `Unreachable` for a host that will not do, before any connection.
    """
    return _server_at(settings, OllamaServer)


def openai_at(settings: Settings) -> AbstractAsyncContextManager[OpenAIServer]:
    """The server with OpenAI's routes of the settings; otherwise as `ollama_at`."""
    return _server_at(settings, OpenAIServer)


async def permitted(server: OllamaServer, settings: Settings) -> list[Installed]:
    """The models of a server, without those that run elsewhere unless the settings allow that."""
    return [each for each in await server.models() if settings.allow_remote or not each.is_remote]


async def connect(backend: str, name: str, settings: Settings, environ: Mapping[str, str]) -> Model:
    """The model of that name behind `ollama` or `openai`; raises what their `connect` raises."""
    remembered = Remembered(cache_dir(environ))
    host = resolve(settings.host)
    if backend == "openai":
        return await openai.connect(
            host,
            settings.headers,
            name,
            openai.OpenAIOptions(settings.family, settings.context_length, settings.allow_remote),
            remembered=remembered,
        )
    options = ollama.OllamaOptions(
        settings.family, settings.context_length, settings.keep_alive, settings.allow_remote
    )
    server = OllamaServer(host, settings.headers)
    try:
        return await ollama.connect(server, name, options, remembered=remembered)
    except BaseException:
        await server.close()
        raise


def wanted(backend: str, name: str, settings: Settings) -> Status:
    """What a status is about where a model was wanted and is not there."""
    try:
        host = resolve(settings.host)
    except ModelError:
        return Status(State.OFFLINE, backend, name, masked(settings.host))
    return Status(State.OFFLINE, backend, name, host.url, host.is_local)


@asynccontextmanager
async def _server_at(
    settings: Settings, kind: Callable[[Host, Mapping[str, str]], _Server]
) -> AsyncIterator[_Server]:
    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    server = kind(host, settings.headers)
    try:
        yield server
    finally:
        await server.close()

"""Chooses the model of a session: by the settings, and by what is there.

Each way ends in a model that is not loaded yet, or in a status that says what is missing and how to
get it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.errors import ModelError, ModelMissing
from fimls.models import ollama, openai
from fimls.models.embedded_choice import embedded_or_why_not
from fimls.models.families import family_for
from fimls.models.hosts import permit, resolve
from fimls.models.ollama_server import OllamaServer
from fimls.models.openai_server import OpenAIServer
from fimls.models.ranking import PREFERRED, Offer, pick
from fimls.models.status import State, Status, status_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from fimls.models.ollama_server import Installed
    from fimls.models.protocol import Model
    from fimls.settings import Settings

_GET_OLLAMA = f"install Ollama and run `ollama pull {PREFERRED}`"


async def choose(settings: Settings, environ: Mapping[str, str]) -> Model | Status:
    """The model to use with these settings on this machine, or why there is none."""
    return await _WAYS[settings.backend](settings, environ)


async def _any(settings: Settings, environ: Mapping[str, str]) -> Model | Status:
    over_there = await _ollama(settings, environ)
    # A host that is refused is for the user to decide on, not to be passed over.
    if not isinstance(over_there, Status) or over_there.state is State.OFF:
        return over_there
    in_here = await _embedded(settings, environ)
    return _neither(over_there, in_here) if isinstance(in_here, Status) else in_here


def _neither(over_there: Status, in_here: Status) -> Status:
    """Both ways at once; where nothing answers, Ollama is probably not installed."""
    answers = over_there.command is not None
    return replace(
        in_here,
        backend="auto",
        message=f"{over_there.message}; {in_here.message}",
        fix=f"{in_here.fix}; or {over_there.fix if answers else _GET_OLLAMA}",
        command=in_here.command or over_there.command,
    )


async def _embedded(settings: Settings, environ: Mapping[str, str]) -> Model | Status:
    return embedded_or_why_not(settings, environ)


async def _ollama(settings: Settings, _environ: Mapping[str, str]) -> Model | Status:
    try:
        return await _on_ollama(settings)
    except ModelError as error:
        return status_of(error, about=_about(settings, "ollama", PREFERRED))


async def _openai(settings: Settings, _environ: Mapping[str, str]) -> Model | Status:
    try:
        return await _on_openai(settings)
    except ModelError as error:
        return status_of(error, about=_about(settings, "openai", ""))


async def _on_ollama(settings: Settings) -> Model:
    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    options = ollama.OllamaOptions(
        settings.family, settings.context_length, settings.keep_alive, settings.allow_remote
    )
    server = OllamaServer(host, settings.headers)
    try:
        name = settings.model if settings.model != "auto" else await _best(server, settings)
        return await ollama.connect(server, name, options)
    except BaseException:
        await server.close()
        raise


async def _best(server: OllamaServer, settings: Settings) -> str:
    installed = await server.models()
    loaded = {model.name for model in await server.loaded()}
    offers = [
        Offer(
            model.name,
            model.size_bytes,
            fills=_is_allowed(model, settings)
            and family_for(settings.family, model.name) is not None,
            loaded=model.name in loaded,
        )
        for model in installed
    ]
    if (name := pick(offers)) is None:
        raise ModelMissing("Ollama has no model that can fill in the middle")
    return name


def _is_allowed(model: Installed, settings: Settings) -> bool:
    return model.can_complete and (settings.allow_remote or not model.is_remote)


async def _on_openai(settings: Settings) -> Model:
    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    name = settings.model
    if name == "auto":
        server = OpenAIServer(host, settings.headers)
        try:
            name = await _first(server, settings)
        finally:
            await server.close()
    options = openai.OpenAIOptions(settings.family, settings.context_length, settings.allow_remote)
    return await openai.connect(host, settings.headers, name, options)


async def _first(server: OpenAIServer, settings: Settings) -> str:
    """The first that can fill in the middle, else the first: most such servers have only one."""
    names = [model.name for model in await server.models()]
    able = [name for name in names if family_for(settings.family, name) is not None]
    if not names:
        raise ModelMissing(f"{server.host.url} has no model")
    return (able or names)[0]


def _about(settings: Settings, backend: str, preferred: str) -> Status:
    """What a status is about; a model that nobody has named is the one to recommend."""
    name = settings.model if settings.model != "auto" else preferred
    try:
        host = resolve(settings.host)
    except ModelError:
        return Status(State.OFFLINE, backend, name, settings.host)
    return Status(State.OFFLINE, backend, name, host.url, host.is_local)


_WAYS: Mapping[str, Callable[[Settings, Mapping[str, str]], Awaitable[Model | Status]]] = {
    "auto": _any,
    "ollama": _ollama,
    "openai": _openai,
    "embedded": _embedded,
}

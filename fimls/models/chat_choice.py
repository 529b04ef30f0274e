"""Chooses the model of the actions: one that follows instructions, on the server of completions."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.errors import ModelError
from fimls.models.connecting import connect, ollama_at, openai_at, permitted, wanted
from fimls.models.embedded_choice import embedded_or_why_not, short_name
from fimls.models.ollama_server import is_same_model, loaded_of
from fimls.models.ranking import PREFERRED_CHAT, Offer, pick_chat
from fimls.models.standing import about
from fimls.models.status import Command, State, Status, status_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from fimls.models.protocol import Model
    from fimls.settings import Settings

_log = logging.getLogger(__name__)


async def choose_chat(
    settings: Settings, environ: Mapping[str, str], completion: Model | Status
) -> Model | Status:
    """The model to use for actions, or why there is none; nothing is generated.

    `completion` is the model of completions, or why there is none; it is returned itself where it
    serves for actions too, so whoever closes the result looks at that first.  A model that the user
    has named is used whatever its size; `auto` takes a Code Llama instruct model, else the model of
    completions if it can chat (contract §3, §4).
    """
    if isinstance(completion, Status) and completion.state is State.OFF:
        return completion
    backend = _backend(settings, completion)
    if settings.chat_model == "auto":
        return await _unnamed(backend, settings, environ, completion)
    return await _named(backend, settings, environ, completion)


def _backend(settings: Settings, completion: Model | Status) -> str:
    """Where to look: with `auto`, Ollama may have something for actions only."""
    if settings.backend != "auto":
        return settings.backend
    embedded = not isinstance(completion, Status) and completion.backend == "embedded"
    own = {settings.embedded_model, short_name(settings.embedded_model)}
    return "embedded" if embedded and settings.chat_model in own else "ollama"


# A model that the user has named.


async def _named(
    backend: str, settings: Settings, environ: Mapping[str, str], completion: Model | Status
) -> Model | Status:
    name = settings.chat_model
    if not isinstance(completion, Status) and _is(completion, backend, name):
        return completion
    if backend == "embedded":
        return embedded_or_why_not(replace(settings, embedded_model=name), environ)
    try:
        return await connect(backend, name, settings, environ)
    except ModelError as error:
        return status_of(error, about=wanted(backend, name, settings))


def _is(model: Model, backend: str, name: str) -> bool:
    known = short_name(name) if backend == "embedded" else name
    return model.backend == backend and is_same_model(model.name, known)


# The best that is there.


async def _unnamed(
    backend: str, settings: Settings, environ: Mapping[str, str], completion: Model | Status
) -> Model | Status:
    answers = False
    try:
        offer = pick_chat(await _OFFERS[backend](settings))
        answers = backend == "ollama"
        if offer is not None:
            found = replace(settings, chat_model=offer.name)
            return await _named(backend, found, environ, completion)
    except ModelError as error:
        _log.info("no model for actions was found at %s: %s", backend, error)
    if isinstance(completion, Status):
        is_told = settings.backend in {"openai", "ollama"} and not answers
        return completion if is_told else _none(settings, completion, answers=answers)
    if completion.capabilities.can_chat:
        return completion
    return _none(settings, completion, answers=answers)


async def _ollama_offers(settings: Settings) -> Sequence[Offer]:
    async with ollama_at(settings) as server:
        loaded = await server.loaded()
        installed = await permitted(server, settings)
    return [
        Offer(each.name, each.size_bytes, loaded=loaded_of(each.name, loaded) is not None)
        for each in installed
        if each.can_complete
    ]


async def _openai_offers(settings: Settings) -> Sequence[Offer]:
    async with openai_at(settings) as server:
        return [Offer(each.name) for each in await server.models()]


async def _no_offers(_settings: Settings) -> Sequence[Offer]:
    return ()


_OFFERS: Mapping[str, Callable[[Settings], Awaitable[Sequence[Offer]]]] = {
    "ollama": _ollama_offers,
    "openai": _openai_offers,
    "embedded": _no_offers,
}


# Why there is none.


def _none(settings: Settings, completion: Model | Status, *, answers: bool) -> Status:
    """`answers`: Ollama is there, and lacks only the model."""
    here = completion if isinstance(completion, Status) else about(completion)
    return replace(
        here,
        state=State.OFFLINE,
        message=_reason(completion),
        fix=_fix(settings, answers=answers),
        command=_PULL if answers else None,
    )


def _reason(completion: Model | Status) -> str:
    if isinstance(completion, Status):
        return completion.message
    if completion.backend == "embedded":
        return f"{completion.name} is too small for actions: what it says of code is wrong"
    return f"{completion.name} completes, and does not follow instructions"


_RUN_PULL = f"run `ollama pull {PREFERRED_CHAT}`"
_PULL = Command(f"Pull {PREFERRED_CHAT}", "fimls.pull", (PREFERRED_CHAT,))


def _fix(settings: Settings, *, answers: bool) -> str:
    if settings.backend == "openai":
        return "serve a model that follows instructions, and set `chatModel` to its name"
    if answers:
        return f"{_RUN_PULL}, or set `chatModel` to a model that can chat"
    if settings.backend == "embedded":
        return f"install Ollama, {_RUN_PULL} and set `backend` to auto"
    return f"install Ollama and {_RUN_PULL}"

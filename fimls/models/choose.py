"""Chooses the model of a session: by the settings, and by what is there.

Each way ends in a model that is not loaded yet, or in a status that says what is missing and how to
get it.  `better` looks again, later, for what would be preferred over the model in use.  Both pass
over models that are `unfit`, by their names: those could not be loaded a moment ago.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING

from fimls.errors import HostRefused, ModelError, ModelMissing, Unreachable
from fimls.models.connecting import connect, ollama_at, openai_at, permitted, wanted
from fimls.models.detection import Evidence, detect
from fimls.models.embedded_choice import embedded_or_why_not
from fimls.models.hosts import DEFAULT_URL, outside_hint
from fimls.models.ranking import PREFERRED, Offer, pick, pick_by_prefix
from fimls.models.remembered import Remembered
from fimls.models.status import Status, status_of
from fimls.models.survey import ASKED_IN_A_LOOK, fits_bytes, survey
from fimls.models.trouble import Condition
from fimls.settings import cache_dir

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from fimls.models.openai_server import Served
    from fimls.models.protocol import Model
    from fimls.settings import Settings

    Worth = Callable[[Offer], bool]
    Way = Callable[[Settings, Mapping[str, str], Worth], Awaitable[Model | Status]]


async def choose(
    settings: Settings, environ: Mapping[str, str], unfit: Collection[str] = ()
) -> Model | Status:
    """The model to use with these settings on this machine, or why there is none."""
    way = _WAYS[settings.backend]
    found = await way(settings, environ, lambda offer: offer.name not in unfit)
    if unfit and isinstance(found, Status):
        # There is nothing else: what could not be loaded may be loaded now.
        return await way(settings, environ, lambda _offer: True)
    return found


async def better(
    settings: Settings, environ: Mapping[str, str], current: Model, unfit: Collection[str] = ()
) -> Model | None:
    """A model that a fresh look clearly prefers over the one in use; None where there is none.

    Only a higher grade counts, so that two models never take turns; what the user has named has
    the highest.  Nothing is asked where no model could be of a higher grade.
    """
    family = current.capabilities.family
    used = Offer(current.name, family="" if family is None else family.name)
    grade = _grade(settings, current.backend, used)
    if grade >= _BEST[settings.backend]:
        return None
    try:
        return await _above(grade, settings, environ, unfit)
    except ModelError:
        # The model in use is as good as before.
        return None


# What would be preferred.


class _Grade(IntEnum):
    """How much a model is preferred where all can be had."""

    BY_PREFIX = 0
    EMBEDDED = 1
    FILLS = 2
    PREFERRED = 3


# The highest that can be had with each backend.
_BEST: Mapping[str, _Grade] = {
    "auto": _Grade.PREFERRED,
    "ollama": _Grade.PREFERRED,
    "openai": _Grade.FILLS,
    "embedded": _Grade.BY_PREFIX,
}


def _grade(settings: Settings, backend: str, offer: Offer) -> _Grade:
    if backend == "embedded":
        return _Grade.EMBEDDED
    if settings.model != "auto" or offer.name == PREFERRED:
        return _Grade.PREFERRED
    return _Grade.FILLS if offer.fills else _Grade.BY_PREFIX


async def _above(
    grade: _Grade, settings: Settings, environ: Mapping[str, str], unfit: Collection[str]
) -> Model | None:
    def is_worth(offer: Offer) -> bool:
        return _grade(settings, settings.backend, offer) > grade and offer.name not in unfit

    if settings.backend == "openai":
        return await _on_openai(settings, environ, is_worth)
    found = await _on_ollama(settings, environ, is_worth)
    if found is not None or settings.backend != "auto" or grade >= _Grade.EMBEDDED:
        return found
    in_here = embedded_or_why_not(settings, environ)
    return None if isinstance(in_here, Status) or in_here.name in unfit else in_here


# The ways to a model.


async def _any(settings: Settings, environ: Mapping[str, str], worth: Worth) -> Model | Status:
    over_there = await _tried("ollama", settings, environ, worth)
    # A host that is refused is for the user to decide on, not to be passed over.
    if isinstance(over_there, HostRefused):
        return _status("ollama", over_there, settings)
    if not isinstance(over_there, ModelError) and _is_enough(over_there, settings):
        return over_there
    in_here = embedded_or_why_not(settings, environ)
    if isinstance(over_there, ModelError):
        return _neither(over_there, in_here, settings) if isinstance(in_here, Status) else in_here
    if isinstance(in_here, Status) or not worth(Offer(in_here.name)):
        return over_there
    await over_there.close()
    return in_here


def _is_enough(model: Model, settings: Settings) -> bool:
    return settings.model != "auto" or model.capabilities.family is not None


async def _embedded(
    settings: Settings, environ: Mapping[str, str], _worth: Worth
) -> Model | Status:
    return embedded_or_why_not(settings, environ)


async def _on_server(
    settings: Settings, environ: Mapping[str, str], worth: Worth
) -> Model | Status:
    found = await _tried(settings.backend, settings, environ, worth)
    if isinstance(found, ModelError):
        return _status(settings.backend, found, settings)
    return found


_WAYS: Mapping[str, Way] = {
    "auto": _any,
    "ollama": _on_server,
    "openai": _on_server,
    "embedded": _embedded,
}


async def _tried(
    backend: str, settings: Settings, environ: Mapping[str, str], worth: Worth
) -> Model | ModelError:
    look = _on_openai if backend == "openai" else _on_ollama
    try:
        found = await look(settings, environ, worth)
    except ModelError as error:
        return error
    return found or ModelMissing("there is no model")


def _named(settings: Settings, worth: Worth) -> Offer | None:
    """The model of the settings, as far as it is known before anybody has asked about it."""
    offer = Offer(settings.model)
    return offer if worth(offer) else None


# Ollama's models.


async def _on_ollama(settings: Settings, environ: Mapping[str, str], worth: Worth) -> Model | None:
    """The model of the settings, or the best that Ollama has; None where none is worth it."""
    named, remembered = settings.model != "auto", Remembered(cache_dir(environ))
    offer = _named(settings, worth) if named else await _best(settings, remembered, worth)
    return None if offer is None else await connect("ollama", offer.name, settings, environ)


async def _best(settings: Settings, remembered: Remembered, worth: Worth) -> Offer | None:
    async with ollama_at(settings) as server:
        installed = await permitted(server, settings)
        if PREFERRED in {each.name for each in installed} and worth(Offer(PREFERRED)):
            # Whatever else there is, nobody needs to ask about it.
            return Offer(PREFERRED)
        known = await survey(
            server, installed, settings.family, remembered, most_asked=ASKED_IN_A_LOOK
        )
    offers = [each.offer for each in known if each.completes]
    if not offers:
        message = "Ollama has no model that can complete code"
        raise ModelMissing(message, condition=Condition.NO_MODEL)
    offers = [offer for offer in offers if worth(offer)]
    return pick(offers, fits_bytes=fits_bytes(known)) or pick_by_prefix(offers)


# The models of another server.


async def _on_openai(settings: Settings, environ: Mapping[str, str], worth: Worth) -> Model | None:
    named = settings.model != "auto"
    offer = _named(settings, worth) if named else await _first(settings, worth)
    return None if offer is None else await connect("openai", offer.name, settings, environ)


async def _first(settings: Settings, worth: Worth) -> Offer | None:
    """The first that can fill in the middle, else the first: most such servers have only one."""
    async with openai_at(settings) as server:
        offers = [_as_offer(each, settings.family) for each in await server.models()]
    if not offers:
        raise ModelMissing(f"{server.host.url} has no model", condition=Condition.NO_MODEL)
    offers = [offer for offer in offers if worth(offer)]
    return next((offer for offer in offers if offer.fills), next(iter(offers), None))


def _as_offer(served: Served, setting: str) -> Offer:
    family = detect(setting, Evidence(served.name, basename=served.base)).family
    return Offer(served.name, family="" if family is None else family.name)


# Why there is none.


def _status(backend: str, error: ModelError, settings: Settings) -> Status:
    """A model that nobody has named is the one to recommend."""
    preferred = PREFERRED if backend == "ollama" else ""
    name = settings.model if settings.model != "auto" else preferred
    return status_of(error, about=wanted(backend, name, settings))


def _neither(error: ModelError, in_here: Status, settings: Settings) -> Status:
    """Both ways at once; the shorter one is told first."""
    over_there = _status("ollama", error, settings)
    return replace(
        in_here,
        backend="auto",
        host=over_there.host,
        local=over_there.local,
        message=f"{over_there.message}; {in_here.message}",
        fix=f"{in_here.fix}; or {_fix_of(error, over_there)}",
        command=in_here.command or over_there.command,
    )


def _fix_of(error: ModelError, over_there: Status) -> str:
    if not isinstance(error, Unreachable) or error.condition == Condition.BAD_ADDRESS:
        return over_there.fix or ""
    # Where nobody has set another host, Ollama is probably not installed.
    if over_there.host == DEFAULT_URL:
        fix = f"install Ollama and run `ollama pull {over_there.model}`"
    else:
        fix = f"start Ollama at {over_there.host}, or set `host` to where it runs"
    hint = outside_hint()
    return f"{fix}; {hint}" if hint else fix

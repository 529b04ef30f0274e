"""What `fimls doctor` tells of the settings: what was set where, the host, and proxies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fimls.cli.checks.finding import (
    Changed,
    Check,
    Finding,
    Grade,
    Group,
    Table,
    counted,
    short,
)
from fimls.settings import KEYS, Headers, Origin, Settings, config_file, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.cli.checks.finding import Situation
    from fimls.settings import Key, Source

# Those that HTTP libraries use unless they are told not to.
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")

_DEFAULT = "the defaults"


def changed(sources: Sequence[Source], environ: Mapping[str, str]) -> tuple[Changed, ...]:
    """The settings that are not as by default, and who says so; secrets are masked."""
    alone = [(source.origin, resolve([source]).settings) for source in sources]
    settings, defaults = resolve(sources).settings, Settings()
    found = []
    for key in KEYS.values():
        if key.of(settings) == key.of(defaults):
            continue
        # Later places win, and what has won is not the default.
        origin = [said for said, own in alone if key.of(own) != key.of(defaults)][-1]
        found.append(Changed(key.name, _shown(key, settings), _place(key, origin, environ)))
    return tuple(found)


def _place(key: Key, origin: Origin, environ: Mapping[str, str]) -> str:
    if origin is not Origin.ENVIRONMENT:
        return origin.value
    return key.environment if environ.get(key.environment) else "OLLAMA_HOST"


def _shown(key: Key, settings: Settings) -> str:
    value = key.of(settings)
    if isinstance(value, Headers):
        return ", ".join(f"{name}: ***" for name in value)
    if key.name == "host":
        return _address(settings.host)
    if isinstance(value, tuple):
        value = list(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _address(host: str) -> str:
    """The address that is connected to, or as it was given; without credentials."""
    from fimls.errors import ModelError
    from fimls.models.hosts import masked
    from fimls.models.hosts import resolve as resolve_host

    try:
        return resolve_host(host).url
    except ModelError:
        return masked(host)


async def _settings(situation: Situation) -> Finding:
    file = config_file(situation.environ)
    place = short(file) if file.is_file() else f"no {short(file)}"
    found = f"{place}; {counted(len(situation.changed), 'setting')} changed"
    figures = {
        "file": str(file),
        "changed": [
            {"key": each.key, "value": each.value, "origin": each.origin}
            for each in situation.changed
        ],
        "problems": list(situation.problems),
    }
    rows = [(each.key, each.value, each.origin) for each in situation.changed]
    table = Table(("setting", "value", "from"), rows) if rows else None
    if not situation.problems:
        return Finding(Grade.OK, found, figures=figures, table=table)
    told = " ".join(situation.problems)
    return Finding(Grade.WARN, told, "correct what is named", figures, table)


async def _host(situation: Situation) -> Finding | None:
    if situation.settings.backend == "embedded":
        return None
    from fimls.errors import ModelError
    from fimls.models.connecting import wanted
    from fimls.models.hosts import permit
    from fimls.models.hosts import resolve as resolve_host
    from fimls.models.status import status_of

    settings = situation.settings
    try:
        host = resolve_host(settings.host)
        permit(host, settings.allow_remote)
    except ModelError as error:
        backend = "openai" if settings.backend == "openai" else "ollama"
        status = status_of(error, about=wanted(backend, settings.model, settings))
        found = f"{status.message}; from {_origin(situation)}"
        return Finding(Grade.FAIL, found, status.fix)
    place = "this machine" if host.is_local else "another machine, which `allowRemote` allows"
    figures = {"url": host.url, "local": host.is_local, "origin": _origin(situation)}
    found = f"{host.url}, {place}{_inside(host.is_local)}; from {_origin(situation)}"
    return Finding(Grade.OK, found, figures=figures)


def _origin(situation: Situation) -> str:
    said = (each.origin for each in situation.changed if each.key == "host")
    return next(said, _DEFAULT)


def _inside(is_local: bool) -> str:
    """From in here, this machine is not the one that the user thinks of."""
    from fimls.models.hosts import outside_hint

    return ", as seen from inside a container or WSL" if is_local and outside_hint() else ""


async def _proxies(situation: Situation) -> Finding:
    given = sorted({name.upper() for name in situation.environ if name.upper() in _PROXIES})
    figures = {"set": given}
    if not given:
        return Finding(Grade.OK, "none set", figures=figures)
    verb = "is" if len(given) == 1 else "are"
    return Finding(Grade.OK, f"{', '.join(given)} {verb} set, and not used", figures=figures)


CHECKS: tuple[Check, ...] = (
    Check(Group.SETTINGS, "settings", "a wrong value leaves the setting as it was", _settings),
    Check(Group.SETTINGS, "host", "your code goes there and nowhere else", _host),
    Check(Group.SETTINGS, "proxies", "code goes to the host and through no other", _proxies),
)

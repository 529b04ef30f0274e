"""What `fimls doctor` looks at: one function each, in the order in which they are told."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fimls import __version__

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from fimls.settings import Settings

_LEAST_PYTHON = (3, 11)

# What completions depend on; the last one is there only with the embedded model.
_PACKAGES = ("pygls", "lsprotocol", "httpx", "ollama", "tree-sitter", "xllamacpp")

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Grade(StrEnum):
    """How a thing stands: `warn` is worth knowing, `fail` keeps something from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checks are given."""

    settings: Settings
    problems: tuple[str, ...]
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: how it stands, what is there, and what to do where it is not well."""

    grade: Grade
    found: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A thing to look at: its name, why it matters, and how to look."""

    name: str
    why: str
    look: Callable[[Situation], Awaitable[Finding]]


async def _python(_situation: Situation) -> Finding:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info >= _LEAST_PYTHON:
        return Finding(Grade.OK, found)
    return Finding(Grade.FAIL, found, "install Python 3.11 or later")


async def _versions(_situation: Situation) -> Finding:
    found = [f"fimls {__version__}"]
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return Finding(Grade.OK, ", ".join(found))


async def _settings(situation: Situation) -> Finding:
    from fimls.settings import config_file

    file = config_file(situation.environ)
    place = f"{file}{'' if file.is_file() else ' (not there: all defaults)'}"
    if not situation.problems:
        return Finding(Grade.OK, place)
    return Finding(Grade.WARN, f"{place}: {' '.join(situation.problems)}", "correct what is named")


async def _folders(situation: Situation) -> Finding:
    from fimls.settings import cache_dir, data_dir

    folders = {"models": data_dir(situation.environ), "cache": cache_dir(situation.environ)}
    found = ", ".join(f"{name} in {folder}" for name, folder in folders.items())
    closed = [str(folder) for folder in folders.values() if not _can_write(folder)]
    if not closed:
        return Finding(Grade.OK, found)
    fix = "make it writable, or set FIMLS_DATA_DIR and FIMLS_CACHE_DIR to other folders"
    return Finding(Grade.WARN, f"{found}; {', '.join(closed)} cannot be written", fix)


def _can_write(folder: Path) -> bool:
    """Whether the folder can be written, or made where it is not there yet."""
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK)


async def _grammars(_situation: Situation) -> Finding:
    from fimls.syntax.grammars import GRAMMARS, has_grammar

    missing = [name for name in GRAMMARS if not has_grammar(name)]
    found = f"{len(GRAMMARS) - len(missing)} of {len(GRAMMARS)} load"
    if not missing:
        return Finding(Grade.OK, found)
    wheels = sorted({GRAMMARS[name].module.replace("_", "-") for name in missing})
    return Finding(
        Grade.WARN, f"{found}; not {', '.join(missing)}", f"run `pip install {' '.join(wheels)}`"
    )


async def _proxies(situation: Situation) -> Finding:
    from fimls.errors import ModelError
    from fimls.models.hosts import resolve

    given = {name.upper() for name in situation.environ if name.upper() in _PROXIES}
    if not given:
        return Finding(Grade.OK, "none set")
    names = ", ".join(sorted(given))
    try:
        local = resolve(situation.settings.host).is_local
    except ModelError:
        local = True
    whom = "this machine" if local else situation.settings.host
    return Finding(Grade.OK, f"{names} set, and not used for {whom}")


async def _server(situation: Situation) -> Finding:
    if situation.settings.backend == "embedded":
        return Finding(Grade.OK, "not asked: `backend` is embedded")
    from fimls.errors import ModelError
    from fimls.models.status import State, Status, status_of

    settings = situation.settings
    try:
        return Finding(Grade.OK, await _answer(settings))
    except ModelError as error:
        backend = "openai" if settings.backend == "openai" else "ollama"
        about = Status(State.OFFLINE, backend, settings.model, settings.host)
        status = status_of(error, about=about)
        # With `auto` the embedded model takes its place.
        grade = Grade.WARN if settings.backend == "auto" else Grade.FAIL
        return Finding(grade, status.message, status.fix)


async def _answer(settings: Settings) -> str:
    """What the server of the settings says of itself; raises what `models` raises."""
    from fimls.models.hosts import permit, resolve
    from fimls.models.ollama_server import OllamaServer
    from fimls.models.openai_server import OpenAIServer

    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    if settings.backend == "openai":
        other = OpenAIServer(host, settings.headers)
        try:
            return f"{host.url} answers, with {len(await other.models())} models"
        finally:
            await other.close()
    server = OllamaServer(host, settings.headers)
    try:
        number = ".".join(map(str, await server.version()))
        return f"Ollama {number} at {host.url}, with {len(await server.models())} models"
    finally:
        await server.close()


async def _models(situation: Situation) -> Finding:
    from fimls.models.catalogue import usable

    entries = await usable(situation.settings, situation.environ)
    if not entries:
        return Finding(Grade.WARN, "none", "run `fimls model get`")
    filling = {"yes": "fills in the middle", "by prefix only": "goes on from the text before"}
    told = [
        f"{entry.name} on {entry.backend} {filling.get(entry.fills, 'cannot complete')}"
        for entry in entries
    ]
    return Finding(Grade.OK, ", ".join(told))


async def _runtime(situation: Situation) -> Finding:
    from fimls.models.embedded import has_runtime

    if has_runtime():
        return Finding(Grade.OK, "xllamacpp is installed")
    grade = Grade.FAIL if situation.settings.backend == "embedded" else Grade.WARN
    return Finding(grade, "not installed", "run `pip install 'fimls[embedded]'`")


async def _file(situation: Situation) -> Finding:
    from fimls.models.catalogue import embedded_path

    settings = situation.settings
    file = embedded_path(settings, situation.environ)
    if file is not None:
        return Finding(Grade.OK, f"{file} ({file.stat().st_size / 1e6:.0f} MB)")
    grade = Grade.FAIL if settings.backend == "embedded" else Grade.WARN
    fix = f"run `fimls model get {settings.embedded_model}`"
    return Finding(grade, f"{settings.embedded_model} is not here", fix)


CHECKS: tuple[Check, ...] = (
    Check("Python", "fimls needs 3.11 or later", _python),
    Check("versions", "to be named in a report of a fault", _versions),
    Check("settings", "a wrong value keeps its default", _settings),
    Check("folders", "models, and what can be made again, are kept there", _folders),
    Check("grammars", "a completion is shown only where it does not break the syntax", _grammars),
    Check("proxies", "code for a model on this machine goes through none", _proxies),
    Check("server", "it runs models of any size, such as codellama:7b-code", _server),
    Check("models", "a model that fills in the middle sees what follows the cursor", _models),
    Check("embedded runtime", "it runs a small model without any server", _runtime),
    Check("embedded model", "what completes where there is no server", _file),
)
"""What is looked at, besides the model itself."""

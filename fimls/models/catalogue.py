"""The models that can be used here, whoever runs them, and how to get one more."""

from __future__ import annotations

import os
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fimls.errors import InputError, ModelError
from fimls.models import download, model_files
from fimls.models.connecting import ollama_at, openai_at, permitted, wanted
from fimls.models.detection import Evidence, detect
from fimls.models.embedded import has_runtime
from fimls.models.embedded_choice import short_name
from fimls.models.families import FAMILIES
from fimls.models.hosts import permit_model
from fimls.models.remembered import Remembered
from fimls.models.status import status_of
from fimls.models.survey import survey
from fimls.settings import cache_dir

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.errors import FimlsError
    from fimls.models.detection import Detected
    from fimls.models.download import Progress
    from fimls.models.survey import Surveyed
    from fimls.settings import Settings

Fills = Literal["yes", "by prefix only", "no"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be used: `fills` says whether it can fill in the middle.

    `path` is set for those whose file is ours to know, `size_bytes` where it is known.  `family` is
    the name of the format, "" for none, and `found_by` what told it: a value of `detection.How`.
    """

    name: str
    backend: str
    size_bytes: int | None
    fills: Fills
    loaded: bool = False
    path: Path | None = None
    family: str = ""
    found_by: str = ""


def as_json(entries: Sequence[Entry]) -> dict[str, object]:
    """What `fimls model list --json` prints and `fimls.models` answers."""
    return {"models": [_row(entry) for entry in entries]}


async def usable(settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    """All models that can be used here: those of the server, if it answers, then embedded ones.

    A `family` of the settings counts for all of them, unless there is none of that name.
    """
    if settings.family not in FAMILIES:
        settings = replace(settings, family="auto")
    listed = _on_openai if settings.backend == "openai" else _on_ollama
    try:
        entries = await listed(settings, environ)
    except ModelError:
        # `fimls doctor` tells why; here it is simply none that can be used.
        entries = []
    return entries + _embedded(settings, environ)


def embedded_path(settings: Settings, environ: Mapping[str, str]) -> Path | None:
    """The file of the embedded model that the settings name; None where it is not here."""
    return model_files.find(settings.embedded_model, model_files.folder_of(environ))


async def get(
    name: str | None, settings: Settings, environ: Mapping[str, str], progress: Progress
) -> Path | str:
    """Gets a model: the embedded default for no name, one of ours, a file, or one of Ollama's.

    Returns its file, or the name where Ollama keeps it.  Raises `InputError` for a file that is no
    model, `ProcessError` where fetching fails, and of the `ModelError` branch what Ollama says.
    """
    if name is None or name in model_files.RECIPES:
        return await get_embedded(name or model_files.DEFAULT_MODEL, progress, environ)
    if _is_path(name):
        file = Path(name)
        model_files.register(file, model_files.folder_of(environ))
        return file
    if not name.strip():
        raise InputError("the name of the model is empty")
    await _pull(name, settings, progress)
    return name


def fix_of(error: FimlsError, name: str | None, settings: Settings) -> str | None:
    """What to do where `get` has failed; None where the error says it all."""
    if name is None or not isinstance(error, ModelError):
        return None
    return status_of(error, about=wanted("ollama", name, settings)).fix


async def get_embedded(
    name: str, progress: Progress, environ: Mapping[str, str] = os.environ
) -> Path:
    """Fetches one of our embedded models; see `download.fetch`."""
    return await download.fetch(name, model_files.folder_of(environ), progress)


def _row(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "backend": entry.backend,
        "size_bytes": entry.size_bytes,
        "fills": entry.fills,
        "family": entry.family,
        "found_by": entry.found_by,
        "loaded": entry.loaded,
        "path": None if entry.path is None else str(entry.path),
    }


async def _on_ollama(settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    async with ollama_at(settings) as server:
        installed = await permitted(server, settings)
        remembered = Remembered(cache_dir(environ))
        known = await survey(server, installed, settings.family, remembered)
    return [_surveyed(each) for each in known]


def _surveyed(known: Surveyed) -> Entry:
    model = known.model
    entry = Entry(model.name, "ollama", model.size_bytes, "no", known.loaded)
    if not known.completes:
        return entry
    return _with_family(replace(entry, fills=_fills(known.detected)), known.detected)


def _fills(detected: Detected) -> Fills:
    return "by prefix only" if detected.family is None else "yes"


def _with_family(entry: Entry, detected: Detected) -> Entry:
    if detected.family is None:
        return entry
    return replace(entry, family=detected.family.name, found_by=detected.how.value)


async def _on_openai(settings: Settings, _environ: Mapping[str, str]) -> list[Entry]:
    async with openai_at(settings) as server:
        served = await server.models()
    return [
        _entry(each.name, "openai", detect(settings.family, Evidence(each.name, each.base)))
        for each in served
    ]


def _entry(name: str, backend: str, detected: Detected, file: Path | None = None) -> Entry:
    size = None if file is None else file.stat().st_size
    return _with_family(Entry(name, backend, size, _fills(detected), path=file), detected)


def _embedded(settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    if not has_runtime():
        return []
    files = model_files.installed(model_files.folder_of(environ))
    if (own := embedded_path(settings, environ)) is not None:
        files.setdefault(short_name(settings.embedded_model), own)
    return [
        _entry(name, "embedded", detect(settings.family, Evidence(name)), file)
        for name, file in files.items()
    ]


def _is_path(name: str) -> bool:
    return name.endswith(".gguf") or model_files.path_of(name) is not None


async def _pull(name: str, settings: Settings, progress: Progress) -> None:
    if settings.backend == "openai":
        raise InputError(
            "`backend` is openai, and such a server fetches no models: start it with the one that "
            "you want, or set `backend` to ollama"
        )
    permit_model(name, settings.allow_remote)
    # Its parts are told one after the other, the largest first.
    parts: dict[str, tuple[int, int]] = {}
    async with ollama_at(settings) as server, aclosing(server.pull(name)) as steps:
        async for step in steps:
            if step.total_bytes > 0:
                parts[step.digest] = (min(step.done_bytes, step.total_bytes), step.total_bytes)
                done, total = map(sum, zip(*parts.values(), strict=True))
                progress(done, total)

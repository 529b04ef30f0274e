"""The models that can be used here, whoever runs them, and how to get one more."""

from __future__ import annotations

import os
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fimls.errors import ModelError
from fimls.models import download, model_files
from fimls.models.embedded import has_runtime
from fimls.models.embedded_choice import short_name
from fimls.models.families import family_for
from fimls.models.hosts import permit, permit_model, resolve
from fimls.models.ollama_server import OllamaServer
from fimls.models.openai_server import OpenAIServer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.models.download import Progress
    from fimls.models.ollama_server import Installed
    from fimls.settings import Settings

Fills = Literal["yes", "by prefix only", "no"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be used: `fills` says whether it can fill in the middle.

    `path` is set for those whose file is ours to know, `size_bytes` where it is known.
    """

    name: str
    backend: str
    size_bytes: int | None
    fills: Fills
    loaded: bool = False
    path: Path | None = None


def as_json(entries: Sequence[Entry]) -> dict[str, object]:
    """What `fimls model list --json` prints and `fimls.models` answers."""
    return {"models": [_row(entry) for entry in entries]}


async def usable(settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    """All models that can be used here: those of the server, if it answers, then embedded ones."""
    listed = _on_openai if settings.backend == "openai" else _on_ollama
    try:
        entries = await listed(settings)
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
    await _pull(name, settings, progress)
    return name


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
        "loaded": entry.loaded,
        "path": None if entry.path is None else str(entry.path),
    }


async def _on_ollama(settings: Settings) -> list[Entry]:
    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    server = OllamaServer(host, settings.headers)
    try:
        loaded = {model.name for model in await server.loaded()}
        return [
            Entry(model.name, "ollama", model.size_bytes, _fills(model), model.name in loaded)
            for model in await server.models()
            if settings.allow_remote or not model.is_remote
        ]
    finally:
        await server.close()


def _fills(model: Installed) -> Fills:
    return _fills_by_name(model.name) if model.can_complete else "no"


def _fills_by_name(name: str) -> Fills:
    return "by prefix only" if family_for("auto", name) is None else "yes"


async def _on_openai(settings: Settings) -> list[Entry]:
    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    server = OpenAIServer(host, settings.headers)
    try:
        names = [model.name for model in await server.models()]
        return [Entry(name, "openai", None, _fills_by_name(name)) for name in names]
    finally:
        await server.close()


def _embedded(settings: Settings, environ: Mapping[str, str]) -> list[Entry]:
    if not has_runtime():
        return []
    files = model_files.installed(model_files.folder_of(environ))
    if (own := embedded_path(settings, environ)) is not None:
        files.setdefault(short_name(settings.embedded_model), own)
    return [
        Entry(name, "embedded", file.stat().st_size, _fills_by_name(name), path=file)
        for name, file in files.items()
    ]


def _is_path(name: str) -> bool:
    return name.endswith(".gguf") or Path(name).expanduser().is_file()


async def _pull(name: str, settings: Settings, progress: Progress) -> None:
    host = resolve(settings.host)
    permit(host, settings.allow_remote)
    permit_model(name, settings.allow_remote)
    server = OllamaServer(host, settings.headers)
    # Its parts are told one after the other, the largest first.
    parts: dict[str, tuple[int, int]] = {}
    try:
        async with aclosing(server.pull(name)) as steps:
            async for step in steps:
                if step.total_bytes:
                    parts[step.digest] = (step.done_bytes, step.total_bytes)
                    done, total = map(sum, zip(*parts.values(), strict=True))
                    progress(done, total)
    finally:
        await server.close()

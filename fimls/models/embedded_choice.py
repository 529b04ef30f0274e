"""The embedded model that the settings name, and what it can do; or what is missing for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fimls.errors import ModelError, ModelMissing
from fimls.models import model_files
from fimls.models.detection import Detected, Evidence, How
from fimls.models.embedded import Embedded, has_runtime
from fimls.models.families import family_for
from fimls.models.gguf import header_of
from fimls.models.probing import Unsettled, known
from fimls.models.protocol import Capabilities
from fimls.models.remembered import Remembered
from fimls.models.status import State, Status, status_of
from fimls.models.trouble import Condition
from fimls.settings import cache_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.settings import Settings

# The default model's best prompts have 400-500 tokens; this costs 206 MB (embedded.md §1.5, §2.1).
_SMALL_CONTEXT_TOKENS = 2048

# For a file of the user's, as with Ollama: each further thousand costs memory and reading time.
_CONTEXT_TOKENS = 4096


def embedded_or_why_not(settings: Settings, environ: Mapping[str, str]) -> Embedded | Status:
    """The embedded model, not started yet, or a status that says what is missing."""
    name = settings.embedded_model
    about = Status(State.OFFLINE, "embedded", name)
    try:
        if not has_runtime():
            message = "the runtime of the embedded model is not installed"
            raise ModelMissing(message, condition=Condition.RUNTIME_MISSING)
        file = model_files.find(name, model_files.folder_of(environ))
        if file is None:
            raise _missing(name)
        return _model(settings, file, Remembered(cache_dir(environ)))
    except ModelError as error:
        return status_of(error, about=about)


def short_name(name: str) -> str:
    """What people call a model of that name or path: a file by its stem."""
    return name if name in model_files.RECIPES else Path(name).name.removesuffix(".gguf")


def _missing(name: str) -> ModelMissing:
    if name in model_files.RECIPES:
        return ModelMissing(f"the file of {name} is not here yet")
    message = f"`embeddedModel` is {name}, which is neither a known model nor a file"
    return ModelMissing(message, condition=Condition.FILE_UNKNOWN)


def _model(settings: Settings, file: Path, remembered: Remembered) -> Embedded:
    """The model of a file; a file of the user's is asked for its family, once it runs."""
    name = short_name(settings.embedded_model)
    if settings.embedded_model in model_files.RECIPES:
        family = family_for(settings.family, name)
        found_by = How.NOTHING if family is None else How.SETTING
        return Embedded(name, file, _capabilities(settings, Detected(family, found_by)))
    asked = Unsettled(_evidence(name, file), _digest(file), remembered)
    detected, unsettled = known(settings.family, asked)
    return Embedded(name, file, _capabilities(settings, detected), unsettled=unsettled)


def _evidence(name: str, file: Path) -> Evidence:
    header = header_of(file)
    return Evidence(name, header.basename, header.title, header.architecture)


def _digest(file: Path) -> str:
    """What names the content: a checksum of gigabytes would take longer than asking the model."""
    there = file.stat()
    return f"{file} {there.st_size} {there.st_mtime_ns}"


def _capabilities(settings: Settings, detected: Detected) -> Capabilities:
    """What the model can do; of a file of the user's, the best is assumed.

    The default explains wrongly, and blocks are out of its reach (embedded.md §1.2, §3).
    """
    recipe = model_files.RECIPES.get(settings.embedded_model)
    is_default = recipe is not None
    own = _SMALL_CONTEXT_TOKENS if is_default else _CONTEXT_TOKENS
    return Capabilities(
        family=detected.family,
        context_tokens=own if settings.context_length == "auto" else settings.context_length,
        can_force=True,
        can_chat=not is_default,
        gives_logprobs=True,
        single_line=is_default,
        found_by=detected.how,
        file_marker="" if recipe is None else recipe.file_marker,
    )

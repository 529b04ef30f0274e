"""The embedded model that the settings name, and what it can do; or what is missing for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.errors import ModelError, ModelMissing
from fimls.models import model_files
from fimls.models.embedded import Embedded, has_runtime
from fimls.models.families import family_for
from fimls.models.protocol import Capabilities
from fimls.models.status import State, Status, status_of

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
    if not has_runtime():
        message = "the runtime of the embedded model is not installed"
        return replace(about, message=message, fix="run `pip install 'fimls[embedded]'`")
    file = model_files.find(name, model_files.folder_of(environ))
    if file is None:
        return _missing(name, about)
    try:
        return Embedded(short_name(name), file, _capabilities(settings))
    except ModelError as error:
        return status_of(error, about=about)


def short_name(name: str) -> str:
    """What people call a model of that name or path: a file by its stem."""
    return name if name in model_files.RECIPES else Path(name).name.removesuffix(".gguf")


def _missing(name: str, about: Status) -> Status:
    if name in model_files.RECIPES:
        return status_of(ModelMissing(f"the file of {name} is not here yet"), about=about)
    return replace(
        about,
        message=f"`embeddedModel` is {name}, which is neither a known model nor a file",
        fix=f"set `embeddedModel` to the path of a GGUF file, or to {model_files.DEFAULT_MODEL}",
    )


def _capabilities(settings: Settings) -> Capabilities:
    """What the model can do; of a file of the user's, the best is assumed.

    The default explains wrongly, and blocks are out of its reach (embedded.md §1.2, §3).
    """
    name = settings.embedded_model
    is_default = name in model_files.RECIPES
    own = _SMALL_CONTEXT_TOKENS if is_default else _CONTEXT_TOKENS
    return Capabilities(
        family=family_for(settings.family, short_name(name)),
        context_tokens=own if settings.context_length == "auto" else settings.context_length,
        can_force=True,
        can_chat=not is_default,
        gives_logprobs=True,
        single_line=is_default,
    )

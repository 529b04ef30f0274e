"""What the status says of a model that works: which it is, and what a better one could do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.models.hosts import resolve
from fimls.models.ranking import PREFERRED
from fimls.models.status import Command, State, Status

if TYPE_CHECKING:
    from fimls.models.protocol import Model
    from fimls.settings import Settings


def about(model: Model) -> Status:
    """Which model of which host it is; ready, and no more said."""
    local = model.backend == "embedded" or resolve(model.host).is_local
    return Status(State.READY, model.backend, model.name, model.host, local)


def standing(model: Model, settings: Settings, unfit: Status | None = None) -> Status:
    """The status of a loaded model.

    One that cannot fill in the middle is no trouble, but the user should know what to expect of it
    and which would do better; or, where it is used instead of one that could not be loaded, why
    that is so (`unfit`).
    """
    ready = about(model)
    if unfit is not None:
        message = f"{unfit.message}; {model.name} is used instead"
        return replace(ready, message=message, fix=unfit.fix, command=unfit.command)
    if model.capabilities.family is not None:
        return ready
    return replace(
        ready,
        message=f"{model.name} goes on from the text before the cursor only",
        fix=f"{_fix(model, settings)}, for completions that fit what follows it too",
        command=_PULL if model.backend == "ollama" else None,
    )


_RUN_PULL = f"run `ollama pull {PREFERRED}`"
_PULL = Command(f"Pull {PREFERRED}", "fimls.pull", (PREFERRED,))


def _fix(model: Model, settings: Settings) -> str:
    if model.backend == "openai":
        return "serve a model that fills in the middle, such as codellama/CodeLlama-7b-hf"
    if model.backend == "ollama":
        named = f" and set `model` to {PREFERRED}" if settings.model != "auto" else ""
        return f"{_RUN_PULL}{named}"
    chosen = " and set `backend` to auto" if settings.backend != "auto" else ""
    return f"install Ollama, {_RUN_PULL}{chosen}" if chosen else f"install Ollama and {_RUN_PULL}"

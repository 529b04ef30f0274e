"""What `fimls doctor` tells of the embedded model: its runtime and its file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.cli.checks.finding import Check, Finding, Grade, Group, short, size
from fimls.cli.checks.servers import OllamaAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.cli.checks.finding import Situation

_PACKAGE = "xllamacpp"


async def _runtime(situation: Situation) -> Finding | None:
    if situation.settings.backend in ("ollama", "openai"):
        return None
    from importlib.metadata import version

    from fimls.models.embedded import has_runtime

    if not has_runtime():
        fix = "run `pip install 'fimls[embedded]'`"
        return Finding(await _grade(situation), f"{_PACKAGE} is not installed", fix)
    number = version(_PACKAGE)
    return Finding(Grade.OK, f"{_PACKAGE} {number}", figures={"version": number})


async def _file(situation: Situation) -> Finding | None:
    settings = situation.settings
    if settings.backend in ("ollama", "openai"):
        return None
    from fimls.models.catalogue import embedded_path
    from fimls.models.model_files import RECIPES

    name = settings.embedded_model
    file = embedded_path(settings, situation.environ)
    if file is None:
        fix = f"run `fimls model get {name}`"
        if name not in RECIPES:
            fix = f"set `embeddedModel` to a GGUF file that is there, or to {', '.join(RECIPES)}"
        return Finding(await _grade(situation), f"{name} is not here", fix)
    bytes_there = file.stat().st_size
    figures = {"path": str(file), "bytes": bytes_there}
    found = f"{short(file)}, {size(bytes_there)}"
    wrong = await asyncio.to_thread(_what_is_wrong, name, file)
    if not wrong:
        return Finding(Grade.OK, f"{found}, as it should be", figures=figures)
    fix = f"fetch it anew: `fimls model get {name}`"
    return Finding(Grade.FAIL, f"{found}: {wrong}", fix, figures)


def _what_is_wrong(name: str, file: Path) -> str:
    """What keeps the file from being the model; "" if nothing does (reads all of the default)."""
    from fimls.errors import InputError
    from fimls.models import model_files

    recipe = model_files.RECIPES.get(name)
    if recipe is not None:
        return "" if model_files.is_whole(file, recipe) else "its checksum is wrong"
    try:
        model_files.check_gguf(file)
    except InputError as error:
        return str(error)
    return ""


async def _grade(situation: Situation) -> Grade:
    """How it stands that the embedded model cannot run: well, where Ollama runs a model."""
    if situation.settings.backend == "embedded":
        return Grade.FAIL
    answer = await situation.server
    has_other = isinstance(answer, OllamaAnswer) and any(
        each.can_complete and not each.is_remote for each in answer.installed
    )
    return Grade.NOTE if has_other else Grade.WARN


CHECKS: tuple[Check, ...] = (
    Check(Group.MODELS, "embedded runtime", "it runs a small model without any server", _runtime),
    Check(Group.MODELS, "embedded model", "what completes where there is no server", _file),
)

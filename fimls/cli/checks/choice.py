"""What `fimls doctor` tells of models: which there are, and which would be taken and why."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fimls.cli.checks.finding import Check, Finding, Grade, Group, Table, counted, size
from fimls.cli.checks.servers import OllamaAnswer
from fimls.errors import ModelError
from fimls.models.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.cli.checks.finding import Situation
    from fimls.cli.checks.servers import Answer
    from fimls.models.catalogue import Entry
    from fimls.models.protocol import Model
    from fimls.settings import Settings


# A server that did not answer is not waited for again; one that refuses does so at once.
_SILENCE_S = 0.3


@dataclass(frozen=True, slots=True)
class Chosen:
    """A model that would be taken.

    `family` is "" where it goes on from the text before only; `fix` tells of a better one then.
    """

    name: str
    backend: str
    family: str
    found_by: str
    context_tokens: int
    fix: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The models that the settings come to, or why there are none."""

    completion: Chosen | Status
    chat: Chosen | Status


async def choose(
    settings: Settings, environ: Mapping[str, str], server: asyncio.Task[Answer | ModelError | None]
) -> Choice:
    """The models that an editor would be given now; they are not asked and not loaded.

    `server` is what the server of the settings says, where it says something.
    """
    from fimls.models import choose as choosing

    completion = await choosing.choose(settings, environ)
    chat: Model | Status = completion
    try:
        limit_s = _SILENCE_S if isinstance(await server, ModelError) else None
        chat = await _chat_model(settings, environ, completion, limit_s)
        return Choice(_known(completion, settings), _known(chat, settings))
    finally:
        for model in {id(each): each for each in (completion, chat)}.values():
            if not isinstance(model, Status):
                await model.close()


async def _chat_model(
    settings: Settings,
    environ: Mapping[str, str],
    completion: Model | Status,
    limit_s: float | None,
) -> Model | Status:
    from fimls.models.chat_choice import choose_chat
    from fimls.models.connecting import wanted

    try:
        async with asyncio.timeout(limit_s):
            return await choose_chat(settings, environ, completion)
    except TimeoutError:
        away = wanted("ollama", settings.chat_model, settings)
        return replace(away, message=f"nothing answers at {away.host}", fix="see `Ollama` above")


def _known(model: Model | Status, settings: Settings) -> Chosen | Status:
    from fimls.models.standing import standing

    if isinstance(model, Status):
        return model
    able = model.capabilities
    return Chosen(
        name=model.name,
        backend=model.backend,
        family="" if able.family is None else able.family.name,
        found_by=able.found_by,
        context_tokens=able.context_tokens,
        fix=standing(model, settings).fix,
    )


async def _models(situation: Situation) -> Finding:
    entries = await situation.entries
    left_out = await _left_out(situation)
    figures = {"models": [_as_json(entry) for entry in entries], "left_out": left_out}
    found = f"{counted(len(entries), 'model')}{_also(left_out)}"
    if not entries:
        return Finding(Grade.WARN, found, "run `fimls model get`", figures)
    filling = [entry for entry in entries if entry.fills == "yes"]
    found = f"{counted(len(entries), 'model')}, {_filling(len(filling))}{_also(left_out)}"
    return Finding(Grade.OK, found, figures=figures, table=_table(entries))


def _filling(number: int) -> str:
    return f"{number or 'none'} of them {'fills' if number <= 1 else 'fill'} in the middle"


async def _left_out(situation: Situation) -> list[str]:
    """The models that run elsewhere, where that is not allowed."""
    answer = await situation.server
    if situation.settings.allow_remote or not isinstance(answer, OllamaAnswer):
        return []
    return [each.name for each in answer.installed if each.is_remote]


def _also(left_out: list[str]) -> str:
    if not left_out:
        return ""
    verb = "runs" if len(left_out) == 1 else "run"
    return f"; {', '.join(left_out)} {verb} elsewhere and would need `allowRemote`"


def _table(entries: list[Entry]) -> Table:
    head = ("model", "backend", "size", "family", "found by", "fills in the middle")
    return Table(
        head,
        [
            (
                entry.name,
                entry.backend,
                size(entry.size_bytes) if entry.size_bytes else "",
                entry.family,
                entry.found_by,
                entry.fills,
            )
            for entry in entries
        ],
    )


def _as_json(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "backend": entry.backend,
        "size_bytes": entry.size_bytes,
        "family": entry.family,
        "found_by": entry.found_by,
        "fills": entry.fills,
        "loaded": entry.loaded,
    }


async def _model(situation: Situation) -> Finding:
    chosen = (await situation.choice).completion
    if not situation.settings.enabled:
        return Finding(Grade.FAIL, "completion is switched off", "set `enabled` to true")
    if isinstance(chosen, Status):
        return Finding(Grade.FAIL, chosen.message, chosen.fix)
    why = await _why(chosen, situation)
    found = f"{chosen.name} on {chosen.backend}, {why}; {_ability(chosen)}"
    figures = {**_figures(chosen), "because": why}
    if chosen.family:
        return Finding(Grade.OK, found, figures=figures)
    return Finding(Grade.NOTE, found, chosen.fix, figures)


def _ability(chosen: Chosen) -> str:
    room = f"{chosen.context_tokens:,} tokens of context"
    if not chosen.family:
        return f"goes on from the text before the cursor only, {room}"
    return f"fills in the middle as {chosen.family}, {room}"


async def _why(chosen: Chosen, situation: Situation) -> str:
    """Why it is this one, as half a sentence (the order is that of `models/ranking.py`)."""
    from fimls.models.ranking import PREFERRED

    if chosen.backend == "embedded":
        return await _why_embedded(situation)
    if situation.settings.model != "auto":
        return "because `model` names it"
    entries = [entry for entry in await situation.entries if entry.backend == chosen.backend]
    if chosen.backend == "openai" and len(entries) > 1:
        return "the first that fills in the middle" if chosen.family else "the first there"
    if chosen.name == PREFERRED:
        return "the preferred model"
    if len(entries) == 1:
        return "the only model there"
    if chosen.family and any(entry.loaded and entry.name == chosen.name for entry in entries):
        return "because it is loaded"
    return "the best there by family and size" if chosen.family else "the smallest there"


async def _why_embedded(situation: Situation) -> str:
    settings = situation.settings
    if settings.backend == "embedded":
        return "because `backend` is embedded"
    if isinstance(await situation.server, ModelError):
        return "because no Ollama answers"
    if settings.model != "auto":
        return f"because Ollama does not have {settings.model}"
    return "because Ollama has no model that fills in the middle"


async def _chat(situation: Situation) -> Finding | None:
    choice = await situation.choice
    chosen = choice.chat
    if isinstance(choice.completion, Status) and isinstance(chosen, Status):
        # There is no model at all, which is told already.
        return None
    if isinstance(chosen, Status):
        return Finding(Grade.NOTE, chosen.message, chosen.fix)
    return Finding(Grade.OK, f"{chosen.name} on {chosen.backend}", figures=_figures(chosen))


def _figures(chosen: Chosen) -> dict[str, object]:
    return {
        "model": chosen.name,
        "backend": chosen.backend,
        "family": chosen.family,
        "found_by": chosen.found_by,
        "context_tokens": chosen.context_tokens,
    }


CHECKS: tuple[Check, ...] = (
    Check(
        Group.MODELS, "models", "one that fills in the middle sees what follows the cursor", _models
    ),
    Check(Group.MODELS, "model", "it is what completes", _model),
    Check(Group.MODELS, "chat model", "explaining and rewriting code wants one that chats", _chat),
)

"""Runs an action: what is there, the prompt, the model, its answer checked and repaired.

Nothing here knows of editors, and nothing is changed: what comes of it is a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.actions.around import context_of, signatures_of
from fimls.actions.chatting import Chatting
from fimls.actions.completing import Completing
from fimls.actions.explaining import Explaining
from fimls.actions.preparing import prepared
from fimls.actions.prompt_files import load
from fimls.actions.prompting import Filling, counter_of
from fimls.actions.proposal import Task
from fimls.actions.refusing import refused_document
from fimls.actions.repairing import repaired
from fimls.actions.request import Name, Refusal, Why
from fimls.actions.schema import schema_of, shown
from fimls.actions.watching import Watcher
from fimls.errors import ModelError, PromptError
from fimls.models.standing import about
from fimls.models.status import Status, status_of
from fimls.models.trouble import ASKED_SOON, WITH_THE_NEXT
from fimls.settings import config_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fimls.actions.preparing import Work
    from fimls.actions.repairing import Attempt
    from fimls.actions.request import Request, Result
    from fimls.clock import Clock
    from fimls.context.place import Place
    from fimls.models.chat_keeping import ChatKeeper, Found
    from fimls.models.protocol import Model
    from fimls.models.slot import Slot
    from fimls.settings import Settings

# What a model that only completes has a prompt for.
_COMPLETED: Final = frozenset({Name.EXPLAIN, Name.GENERATE})

_ASKED_AGAIN: Final = {
    WITH_THE_NEXT: "run the action again",
    ASKED_SOON: "run the action again in a moment",
}

# A function of a hundred lines; what needs more is better asked for in pieces.
_CODE_TOKENS: Final = 1024

# Code that is changed is given again as a whole, and may become longer.
_MOST_CHANGED_TOKENS: Final = 2048
_SPARE_TOKENS: Final = 256

# Tables are short, and a query needs a handful of them.
_SCHEMA_TOKENS: Final = 700


@dataclass(frozen=True, slots=True)
class Env:
    """What an action runs in.

    `place` is where the document lies in its repository, None where nothing is known of that;
    `prompts` is the folder of the user's own prompts.
    """

    settings: Settings
    models: ChatKeeper
    slot: Slot
    clock: Clock
    place: Place | None = None
    prompts: Path | None = None


def prompts_folder(environ: Mapping[str, str]) -> Path:
    """Where the user's own prompts are, beside the settings; it need not exist."""
    return config_file(environ).parent / "prompts"


async def run(request: Request, env: Env, watcher: Watcher | None = None) -> Result:
    """What comes of an action; raises nothing but `CancelledError`, when it is taken back.

    Then the connection to the model is closed before this returns.
    """
    watcher = watcher or Watcher()
    refused = refused_document(request.snap, env.settings)
    if refused is not None:
        return refused
    try:
        work = await prepared(request, env.clock)
        if isinstance(work, Refusal):
            return work
        watcher.on_progress("Looking for a model")
        async with env.models.held() as found:
            return await _asked(work, found, env, watcher)
    except PromptError as error:
        return Refusal(Why.INPUT, str(error), "correct that file, or remove it")


async def _asked(work: Work, found: Found, env: Env, watcher: Watcher) -> Result:
    model = _model_for(work.name, found)
    if isinstance(model, Refusal):
        return model
    try:
        if work.name is Name.EXPLAIN:
            return await _explained(work, model, env, watcher)
        return await _written(work, model, env, watcher)
    except ModelError as error:
        env.models.failed(error, model)
        return _refusal(Why.MODEL, status_of(error, about=about(model)))


def _model_for(name: Name, found: Found) -> Model | Refusal:
    """The model to ask; without one that follows instructions a comment can still be completed."""
    chat, completion = found.chat, found.completion
    if not isinstance(chat, Status):
        if chat.capabilities.can_chat or name in _COMPLETED:
            return chat
        message = f"{chat.name} completes, and does not follow instructions"
        return Refusal(Why.NO_MODEL, message, "set `chatModel` to a model that can chat")
    if name is Name.GENERATE and not isinstance(completion, Status):
        return completion
    return _refusal(Why.NO_MODEL, chat)


def _refusal(why: Why, status: Status) -> Refusal:
    """What a status says; nothing asks again by itself, as completions do."""
    fix = status.fix or ""
    for of_completions, of_actions in _ASKED_AGAIN.items():
        fix = fix.replace(of_completions, of_actions)
    return Refusal(why, status.message, fix or None, status.command)


async def _explained(work: Work, model: Model, env: Env, watcher: Watcher) -> Result:
    beside = {"signatures": signatures_of(work.material, work.tree, env.place)}
    filling = Filling(work.material, work.site, beside)
    explaining = Explaining(model, env.slot, filling, work.tree, env.prompts, watcher)
    return await explaining.whole()


async def _written(work: Work, model: Model, env: Env, watcher: Watcher) -> Result:
    """The edits of an action that writes code."""
    snap, material = work.request.snap, work.material
    count = counter_of(model.capabilities)
    schema = schema_of(env.place, snap.text) if snap.language.id == "sql" else ()
    words = f"{work.request.instruction} {_words_of(work)}"
    beside = {
        "schema": shown(schema, words, _SCHEMA_TOKENS, count),
        "context": _context(work, model, env),
    }
    if work.request.instruction:
        beside["instruction"] = work.request.instruction
    filling = Filling(material, work.site, beside)
    task = Task(work.site, snap.path, "\n".join(each.text for each in schema))
    template = load(_template_of(work), env.prompts)
    if model.capabilities.can_chat:
        tokens = _most_tokens(work, count)
        repair = load("repair", env.prompts)
        way: Attempt = Chatting(model, env.slot, template, repair, filling, tokens, watcher)
    else:
        way = Completing(model, env.slot, template, filling, _CODE_TOKENS, watcher)
    return await repaired(way, task, work.tree, model.name)


def _context(work: Work, model: Model, env: Env) -> str:
    """What is shown of other files; a model that only completes would go on with it."""
    context = env.settings.context
    if not (context.repo_map and model.capabilities.can_chat):
        return ""
    count = counter_of(model.capabilities)
    start = work.site.range[0]
    return context_of(env.place, work.request.snap, start, context.repo_map_tokens, count)


def _template_of(work: Work) -> str:
    """The name of the prompt."""
    if work.name is not Name.GENERATE:
        return work.name.value
    if work.material.language.id == "sql":
        return "query"
    return "generate" if work.site.is_below else "complete"


def _words_of(work: Work) -> str:
    """The words that tell which tables matter."""
    asked = work.material.instruction
    return work.material.selection.text if asked is None else asked.words


def _most_tokens(work: Work, count: Callable[[str], int]) -> int:
    """How long the code may become."""
    if work.site.is_below:
        return _CODE_TOKENS
    there = count(work.site.text[slice(*work.site.range)])
    return min(max(_CODE_TOKENS, there * 3 // 2 + _SPARE_TOKENS), _MOST_CHANGED_TOKENS)

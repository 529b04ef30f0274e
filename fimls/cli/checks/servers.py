"""What `fimls doctor` tells of a server of models: Ollama, or one with OpenAI's routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.cli.checks.finding import Check, Finding, Grade, Group, counted
from fimls.errors import ModelError

if TYPE_CHECKING:
    from fimls.cli.checks.finding import Situation
    from fimls.models.ollama_server import Installed, Loaded
    from fimls.models.openai_server import Served
    from fimls.settings import Settings

# Before this, Code Llama's markers are not recognised where they are spelled exactly, and before
# the other the list of models does not tell abilities, and prompts that were read are forgotten
# sooner (`ollama.md` §0, §2).
_EXACT_MARKERS_SINCE = (0, 6, 6)
_SERVES_BY_LLAMA_SINCE = (0, 30, 0)

# A build of a developer's own has no number.
_OWN_BUILD = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class OllamaAnswer:
    """What an Ollama says of itself."""

    url: str
    version: tuple[int, ...]
    installed: tuple[Installed, ...]
    loaded: tuple[Loaded, ...]


@dataclass(frozen=True, slots=True)
class OpenAIAnswer:
    """What a server with OpenAI's routes says of itself."""

    url: str
    models: tuple[Served, ...]


Answer = OllamaAnswer | OpenAIAnswer


async def ask(settings: Settings) -> Answer | ModelError | None:
    """What the server of the settings says of itself, or why it does not; None: it is not wanted.

    No connection is made to a host that the user has not allowed.
    """
    if settings.backend == "embedded":
        return None
    try:
        if settings.backend == "openai":
            return await _openai_answer(settings)
        return await _ollama_answer(settings)
    except ModelError as error:
        return error


async def _ollama_answer(settings: Settings) -> OllamaAnswer:
    from fimls.models.connecting import ollama_at

    async with ollama_at(settings) as server:
        return OllamaAnswer(
            server.host.url, await server.version(), await server.models(), await server.loaded()
        )


async def _openai_answer(settings: Settings) -> OpenAIAnswer:
    from fimls.models.connecting import openai_at

    async with openai_at(settings) as server:
        return OpenAIAnswer(server.host.url, await server.models())


async def _ollama(situation: Situation) -> Finding | None:
    if situation.settings.backend == "openai":
        return None
    answer = await situation.server
    if answer is None:
        return Finding(Grade.OK, "not asked, because `backend` is embedded")
    if isinstance(answer, OllamaAnswer):
        return _told(answer)
    return await _why_not(situation, answer)


async def _openai(situation: Situation) -> Finding | None:
    if situation.settings.backend != "openai":
        return None
    from fimls.models.openai_dialects import dialect_of

    answer = await situation.server
    if not isinstance(answer, OpenAIAnswer):
        return await _why_not(situation, answer)
    kind = ", ".join(sorted({dialect_of(each).title for each in answer.models})) or "a server"
    found = f"{kind} at {answer.url}, {counted(len(answer.models), 'model')}"
    lengths = {each.name: each.context_tokens for each in answer.models}
    figures = {"url": answer.url, "kind": kind, "context_tokens": lengths}
    return Finding(Grade.OK, found, figures=figures)


def _told(answer: OllamaAnswer) -> Finding:
    number = ".".join(map(str, answer.version))
    found = f"{number} at {answer.url}, {counted(len(answer.installed), 'model')}"
    if answer.loaded:
        found = f"{found}; loaded: {', '.join(map(_in_memory, answer.loaded))}"
    figures = {
        "version": number,
        "url": answer.url,
        "models": len(answer.installed),
        "remote": [each.name for each in answer.installed if each.is_remote],
        "loaded": [
            {
                "name": each.name,
                "context_tokens": each.context_tokens,
                "size_bytes": each.size_bytes,
                "gpu_bytes": each.gpu_bytes,
            }
            for each in answer.loaded
        ],
    }
    grade, lacks = _age(answer.version)
    if not lacks:
        return Finding(grade, found, figures=figures)
    return Finding(
        grade, f"{found}; {lacks}", "update Ollama: https://ollama.com/download", figures
    )


def _in_memory(model: Loaded) -> str:
    place = "GPU" if model.gpu_bytes else "CPU"
    context = f"{model.context_tokens:,} tokens, " if model.context_tokens else ""
    return f"{model.name} ({context}{place})"


def _age(version: tuple[int, ...]) -> tuple[Grade, str]:
    """How a version stands, and what it lacks."""
    if version == _OWN_BUILD or version >= _SERVES_BY_LLAMA_SINCE:
        return Grade.OK, ""
    if version >= _EXACT_MARKERS_SINCE:
        return Grade.NOTE, "since 0.30 it reads less of a prompt anew and tells what models can do"
    return Grade.WARN, "too old: before 0.6.6 it misreads the markers around the gap"


async def _why_not(situation: Situation, error: Answer | ModelError | None) -> Finding:
    from fimls.models.catalogue import embedded_path
    from fimls.models.connecting import wanted
    from fimls.models.embedded import has_runtime
    from fimls.models.status import status_of

    if not isinstance(error, ModelError):
        return Finding(Grade.FAIL, "not asked")
    settings = situation.settings
    backend = "openai" if settings.backend == "openai" else "ollama"
    status = status_of(error, about=wanted(backend, settings.model, settings))
    if settings.backend != "auto":
        return Finding(Grade.FAIL, status.message, status.fix)
    # With `auto` the embedded model takes its place, if that is here.
    has_other = has_runtime() and embedded_path(settings, situation.environ) is not None
    return Finding(Grade.NOTE if has_other else Grade.WARN, status.message, status.fix)


CHECKS: tuple[Check, ...] = (
    Check(Group.MODELS, "Ollama", "it runs models of any size, such as codellama:7b-code", _ollama),
    Check(Group.MODELS, "openai", "it runs the models, because `backend` says so", _openai),
)

"""What a server with OpenAI's routes tells of its model, so that its family can be found out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from fimls.models.detection import Evidence
from fimls.models.families import FAMILIES
from fimls.models.wire import items, mapping, parsed, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.models.openai_dialects import Dialect
    from fimls.models.openai_server import OpenAIServer, Served


@dataclass(frozen=True, slots=True)
class Told:
    """The evidence, and a name for the model's content; "" where a server tells no such thing."""

    evidence: Evidence
    digest: str = ""


async def told(server: OpenAIServer, dialect: Dialect, served: Served, name: str) -> Told:
    """What is known of a model without asking it; llama.cpp tells file and template besides."""
    basename = served.base or (served.name if served.name != name else "")
    if not dialect.tells_tokens:
        return Told(Evidence(name, basename))
    props = mapping(parsed(await server.aside("props")))
    file, template = text(props.get("model_path")), text(props.get("chat_template"))
    digest = f"{server.host.url} {file} {served.size_bytes}" if file else ""
    return Told(Evidence(name, PurePath(file).name or basename, template=template), digest)


async def vocabulary(server: OpenAIServer, dialect: Dialect) -> frozenset[str]:
    """Those of all families' markers that are tokens of the model's; empty: not told."""
    if not dialect.tells_tokens:
        return frozenset()
    # On lines of their own they cannot grow together.
    body = {"content": "\n".join(_MARKERS), "with_pieces": True, "parse_special": True}
    answer = mapping(parsed(await server.aside("tokenize", body)))
    pieces = {text(mapping(token).get("piece")) for token in items(answer.get("tokens"))}
    found = {marker for marker in _MARKERS if not pieces.isdisjoint(_spellings(marker))}
    # One that is no marker tells an answer without markers from no answer.
    return frozenset({*found, *({"\n"} if pieces else ())})


class OpenAIProber:
    """A loaded model behind such a server that is asked by its name, without streaming."""

    def __init__(self, server: OpenAIServer, dialect: Dialect, model: str) -> None:
        self._server = server
        self._dialect = dialect
        self._model = model

    async def prompt_tokens(self, prompt: str) -> int | None:
        """How many tokens the server reads a prompt as."""
        answer = await self._answer(prompt, (), 1)
        return whole(mapping(answer.get("usage")).get("prompt_tokens")) or None

    async def said(self, prompt: str, stop: tuple[str, ...], max_tokens: int) -> str:
        """The likeliest answer to a prompt."""
        answer = await self._answer(prompt, stop, max_tokens)
        return "".join(text(mapping(each).get("text")) for each in items(answer.get("choices")))

    async def _answer(
        self, prompt: str, stop: tuple[str, ...], max_tokens: int
    ) -> Mapping[str, object]:
        body = {
            "model": self._model,
            "prompt": prompt,
            "max_tokens": max_tokens,
            "temperature": 0.0,
            **self._dialect.fields(),
            **self._dialect.stops(stop),
        }
        return await self._server.answer("completions", body, model=self._model)


_MARKERS: Final = tuple(
    sorted({marker for each in FAMILIES.values() for marker in (*each.fim_markers, *each.markers)})
)


def _spellings(marker: str) -> tuple[str, str]:
    """As the vocabulary has it, and with SentencePiece's blank made plain again."""
    return marker, marker.replace("\u2581", " ", 1) if marker.startswith("\u2581") else marker

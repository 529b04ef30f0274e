"""Kinds of servers that speak OpenAI's protocol, as far as they can be told apart from outside.

Sources: llama-server was asked (xllamacpp 2026.10); the others are as `docs/openai.md` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from fimls.testing.http_server import says, tells
from fimls.testing.speech import tokenized

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.testing.http_server import Handler

CODE_LLAMA_MARKERS: Final = ("\u2581<PRE>", "\u2581<SUF>", "\u2581<MID>", "\u2581<EOT>")
"""The markers of Code Llama as its vocabulary spells them: single tokens."""

# OpenAI's limit, which TGI has by default.
_FEW: Final = 4


class Flavor(StrEnum):
    """Kinds of servers: they differ in what they tell of themselves, and in their errors."""

    OPENAI = "openai"
    LLAMA_SERVER = "llama-server"
    LM_STUDIO = "lm studio"
    VLLM = "vllm"
    SGLANG = "sglang"
    TGI = "tgi"
    KOBOLDCPP = "koboldcpp"
    OLLAMA = "ollama"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a kind of server has of its own; in `owner`, `{name}` stands for the model's name."""

    owner: str
    server: str = ""
    most_stops: int | None = None
    takes_any_model: bool = False


TRAITS: Final[Mapping[Flavor, Traits]] = {
    Flavor.OPENAI: Traits("openai", most_stops=_FEW),
    # It has one model, and does not look at the name.
    Flavor.LLAMA_SERVER: Traits("llamacpp", server="llama.cpp", takes_any_model=True),
    Flavor.LM_STUDIO: Traits("organization_owner"),
    Flavor.VLLM: Traits("vllm", server="uvicorn"),
    Flavor.SGLANG: Traits("sglang", server="uvicorn"),
    Flavor.TGI: Traits("{name}", most_stops=_FEW, takes_any_model=True),
    Flavor.KOBOLDCPP: Traits("koboldcpp", takes_any_model=True),
    # A model of a user's own has that user's name there.
    Flavor.OLLAMA: Traits("library"),
}
"""What each kind has of its own."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a server knows of its models and can be asked for, besides OpenAI's routes.

    `path` and `template` are llama-server's; `markers` are single tokens of the vocabulary.
    """

    flavor: Flavor
    names: Sequence[str]
    context_tokens: int
    path: str = ""
    template: str = ""
    markers: Sequence[str] = field(default=CODE_LLAMA_MARKERS)

    def listing(self) -> dict[str, Any]:
        """The answer to `/v1/models`."""
        traits = TRAITS[self.flavor]
        data = [
            {
                "id": name,
                "object": "model",
                "owned_by": traits.owner.format(name=name),
                **self._more(name),
            }
            for name in self.names
        ]
        return {"object": "list", "data": data}

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The routes that this kind has besides OpenAI's, without llama-server's `/tokenize`."""
        name, context = next(iter(self.names), ""), self.context_tokens
        own: Mapping[Flavor, Mapping[str, Handler]] = {
            Flavor.LLAMA_SERVER: {"/props": tells(self._props)},
            Flavor.LM_STUDIO: {
                f"/api/v0/models/{name}": tells(
                    lambda: {"id": name, "state": "loaded", "loaded_context_length": context}
                )
            },
            Flavor.TGI: {"/info": tells(lambda: {"model_id": name, "max_total_tokens": context})},
            Flavor.KOBOLDCPP: {
                "/api/extra/true_max_context_length": tells(lambda: {"value": context})
            },
            Flavor.OLLAMA: {"/": says("Ollama is running")},
        }
        return {("GET", path): handler for path, handler in own.get(self.flavor, {}).items()}

    def tokens(self, text: str) -> list[str]:
        """The text in tokens: the markers, and pieces of the rest."""
        if not self.markers:
            return tokenized(text)
        # A blank before it is part of such a marker, and at the start of a text it may be missing.
        spellings = (re.escape(each).replace("\u2581", "[ \u2581]?", 1) for each in self.markers)
        parts = re.split(f"({'|'.join(spellings)})", text)
        # A group's matches are at the odd places.
        return [
            token
            for at, part in enumerate(parts)
            for token in ([part] if at % 2 else tokenized(part))
        ]

    def _more(self, name: str) -> dict[str, Any]:
        if self.flavor is Flavor.LLAMA_SERVER:
            return {"meta": {"n_ctx": self.context_tokens, "n_params": 1, "size": 1}}
        if self.flavor in (Flavor.VLLM, Flavor.SGLANG):
            return {"root": self.path or name, "max_model_len": self.context_tokens}
        return {}

    def _props(self) -> dict[str, Any]:
        return {
            "default_generation_settings": {"n_ctx": self.context_tokens},
            "total_slots": 1,
            "model_alias": next(iter(self.names), ""),
            "model_path": self.path,
            "chat_template": self.template,
        }

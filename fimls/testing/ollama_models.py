"""The models of the fake Ollama, and how they are listed, shown and prompted.

Sources: `ollama.md` §1.5 (the routes' answers), §2 (Code Llama's template), §3 (who can insert).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

CODE_LLAMA_TEMPLATE: Final = (
    "{{- if .Suffix }}<PRE> {{ .Prompt }} <SUF>{{ .Suffix }} <MID>\n"
    "{{- else }}{{ .Prompt }}\n"
    "{{- end }}"
)
PLAIN_TEMPLATE: Final = "{{ .Prompt }}"

# Any vocabulary has these, and hundreds of thousands more.
_PLAIN_TOKENS: Final = ("<unk>", "def", "\u2581return", "\u0120return", "<div>", '"', "\\")

# The time at which all models were made, for listings; any would do.
_MODIFIED: Final = "2026-08-21T17:21:21.196249Z"


@dataclass(frozen=True, slots=True)
class FakeModel:
    """A model that a fake Ollama has.

    `end_marker` is what it writes when it has said what it had to say: for Code Llama text that
    is no end for Ollama, so that it then goes on (`ollama.md` §0.5); "" for a model whose end is
    recognised.  `markers` are control tokens as it says them: newer versions show them as nothing.
    `control_tokens` are those of its vocabulary, each of which is read as one.  `stops` are the
    stop strings that the model itself brings.  `remote_host` makes it a cloud model.  `family` is
    its architecture, `basename` and `title` are what else its file says of itself.
    """

    name: str
    capabilities: tuple[str, ...] = ("completion",)
    template: str = PLAIN_TEMPLATE
    family: str = "llama"
    parameter_size: str = "7B"
    size: int = 3_825_910_662
    context_length: int = 16_384
    end_marker: str = ""
    markers: tuple[str, ...] = ()
    control_tokens: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    remote_host: str = ""
    blob: str = ""
    basename: str = ""
    title: str = ""

    @property
    def digest(self) -> str:
        """The name of its file; models with the same `blob` share one, and so a runner."""
        return sha256((self.blob or self.name).encode()).hexdigest()

    @property
    def details(self) -> dict[str, object]:
        """What all listings tell of it."""
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameter_size,
            "quantization_level": "Q4_0",
        }

    def listed(self, *, with_capabilities: bool) -> dict[str, object]:
        """Its entry in `/api/tags`."""
        remote = {"remote_model": self.name, "remote_host": self.remote_host}
        known = {"capabilities": list(self.capabilities)}
        return {
            "name": self.name,
            "model": self.name,
            **(remote if self.remote_host else {}),
            "modified_at": _MODIFIED,
            "size": self.size,
            "digest": self.digest,
            "details": self.details,
            **(known if with_capabilities else {}),
        }

    def shown(
        self, *, with_capabilities: bool = True, with_arrays: bool = False
    ) -> dict[str, object]:
        """The answer of `/api/show`; long arrays are empty but for those who ask for them."""
        known = {"capabilities": list(self.capabilities)}
        tokens = (*_PLAIN_TOKENS, *self.control_tokens)
        return {
            "modelfile": f"FROM {self.name}\nTEMPLATE {self.template}\n",
            "parameters": "\n".join(f'stop "{stop}"' for stop in self.stops),
            "template": self.template,
            "details": self.details,
            "model_info": {
                "general.architecture": self.family,
                "general.basename": self.basename or self.name.partition(":")[0],
                **({"general.name": self.title} if self.title else {}),
                f"{self.family}.context_length": self.context_length,
                "tokenizer.ggml.model": "gpt2",
                "tokenizer.ggml.tokens": list(tokens) if with_arrays else [],
            },
            **(known if with_capabilities else {}),
            "modified_at": _MODIFIED,
        }


def full_name(name: str) -> str:
    """The name with its tag, which is `latest` where none is given."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def qualified_name(name: str) -> str:
    """The name as Ollama's registry knows it."""
    full = full_name(name)
    return f"registry.ollama.ai/{full if '/' in full else 'library/' + full}"


def render(template: str, prompt: str, suffix: str) -> str:
    """The prompt as the model reads it, for templates of one choice between two cases at most."""
    choice = _CHOICE.search(template)
    if choice is not None:
        chosen = choice["with"] if suffix else choice["without"]
        template = template[: choice.start()] + chosen + template[choice.end() :]
    values = {".Prompt": prompt, ".Suffix": suffix}
    return _PLACE.sub(lambda place: values.get(place[1], ""), template)


def without_markers(chunks: Iterable[str], markers: tuple[str, ...]) -> list[str]:
    """What is left of chunks whose control tokens are shown as nothing."""
    if not markers:
        return list(chunks)
    pattern = re.compile("|".join(map(re.escape, markers)))
    return [pattern.sub("", chunk) for chunk in chunks]


# A `-` in the braces takes away the blanks on its side, so it is part of what is matched.
_CHOICE: Final = re.compile(
    r"(?:\s*\{\{-|\{\{) if \.Suffix \}\}(?P<with>.*?)(?:\s*\{\{-|\{\{) else \}\}"
    r"(?P<without>.*?)(?:\s*\{\{-|\{\{) end \}\}",
    re.DOTALL,
)
_PLACE: Final = re.compile(r"\{\{ (\.\w+) \}\}")

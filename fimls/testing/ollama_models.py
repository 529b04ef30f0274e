"""The models of the fake Ollama, and how they are listed, shown and prompted.

Sources: `ollama.md` §1.5 (the routes' answers), §2 (Code Llama's template), §3 (who can insert).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CODE_LLAMA_TEMPLATE: Final = (
    "{{- if .Suffix }}<PRE> {{ .Prompt }} <SUF>{{ .Suffix }} <MID>\n"
    "{{- else }}{{ .Prompt }}\n"
    "{{- end }}"
)
INSTRUCT_TEMPLATE: Final = "[INST] {{ .Prompt }} [/INST]\n"
QWEN_TEMPLATE: Final = (
    "{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>\n"
    "{{- else }}<|im_start|>user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant\n"
    "{{ end }}"
)
PLAIN_TEMPLATE: Final = "{{ .Prompt }}"

# The time at which all models were made, for listings; any would do.
_MODIFIED: Final = "2026-08-21T17:21:21.196249Z"


@dataclass(frozen=True, slots=True)
class FakeModel:
    """A model that a fake Ollama has.

    `end_marker` is what it writes when it has said what it had to say: for Code Llama text that
    is no end for Ollama, so that it then goes on (`ollama.md` §0.5); "" for a model whose end is
    recognised.  `markers` are control tokens: newer versions show them as nothing.  `stops` are
    the stop strings that the model itself brings.  `remote_host` makes it a cloud model.
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
    stops: tuple[str, ...] = ()
    remote_host: str = ""
    blob: str = ""

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

    def shown(self) -> dict[str, object]:
        """The answer of `/api/show`."""
        return {
            "modelfile": f"FROM {self.name}\nTEMPLATE {self.template}\n",
            "parameters": "\n".join(f'stop "{stop}"' for stop in self.stops),
            "template": self.template,
            "details": self.details,
            "model_info": {
                "general.architecture": self.family,
                "general.basename": self.name.partition(":")[0],
                f"{self.family}.context_length": self.context_length,
            },
            "capabilities": list(self.capabilities),
            "modified_at": _MODIFIED,
        }


_CODE_LLAMA: Final[Mapping[str, Any]] = {
    "end_marker": " <EOT>",
    "markers": ("▁<PRE>", "▁<SUF>", "▁<MID>", " <PRE>", " <SUF>", " <MID>"),
}

# Models by the beginning of their names; the first that fits is meant.
_KNOWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "codellama:7b-code": {
        **_CODE_LLAMA,
        "capabilities": ("completion", "insert"),
        "template": CODE_LLAMA_TEMPLATE,
    },
    "codellama:13b-code": {
        **_CODE_LLAMA,
        "capabilities": ("completion", "insert"),
        "template": CODE_LLAMA_TEMPLATE,
        "parameter_size": "13B",
        "size": 7_365_834_624,
    },
    "codellama": {**_CODE_LLAMA, "template": INSTRUCT_TEMPLATE},
    "qwen2.5-coder": {
        "capabilities": ("completion", "tools", "insert"),
        "template": QWEN_TEMPLATE,
        "family": "qwen2",
        "context_length": 32_768,
        "parameter_size": "1.5B",
        "size": 986_062_089,
    },
    "nomic-embed-text": {
        "capabilities": ("embedding",),
        "family": "nomic-bert",
        "parameter_size": "137M",
        "size": 274_302_450,
    },
}


def model_named(name: str) -> FakeModel:
    """A model as Ollama's library has it, or one that only completes where it is not known."""
    full = full_name(name)
    known = next((row for start, row in _KNOWN.items() if full.startswith(start)), {})
    return FakeModel(full, **known)


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
